//! Icons as single paths on a 24 by 24 grid, drawn in the colour of the text. Always beside a word.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Home,
    Phone,
    Truck,
    Ledger,
    Person,
    Gear,
    Camera,
    Check,
    Cross,
    Clock,
    Alert,
    Cloud,
    CloudOff,
    Upload,
    Sync,
    Bag,
    Slash,
    Devices,
    Download,
    Grid,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Home => "M3 11l9-8 9 8v9a1 1 0 0 1-1 1h-5v-6H9v6H4a1 1 0 0 1-1-1z",
            Self::Phone => "M5 4h4l2 5-3 2a11 11 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2",
            Self::Truck => "M5 17H3V7h11v10H9M14 10h4l3 3v4h-2M14 17h1M5 18a2 2 0 1 0 4 0a2 2 0 1 0-4 0M15 18a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
            Self::Ledger => "M5 3h14v18H5zM9 8h6M9 12h6M9 16h4",
            Self::Person => "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4 21a8 8 0 0 1 16 0",
            Self::Gear => "M9 12a3 3 0 1 0 6 0a3 3 0 1 0-6 0M12 2v4M12 18v4M2 12h4M18 12h4M5 5l3 3M16 16l3 3M19 5l-3 3M8 16l-3 3",
            Self::Camera => "M3 7h4l2-3h6l2 3h4v13H3zM8 13a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
            Self::Check => "M4 12.500l5.500 5.500L20 7",
            Self::Cross => "M6 6l12 12M18 6L6 18",
            Self::Clock => "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 7v5l3.500 2",
            Self::Alert => "M12 3L2 20h20zM12 9v5M12 17v.5",
            Self::Cloud => "M7 19a5 5 0 0 1-.5-9.970A6 6 0 0 1 18 9.500 4.800 4.800 0 0 1 17.500 19zM9 13.500l2.200 2.200L15 12",
            Self::CloudOff => "M3 3l18 18M9 5.700A6 6 0 0 1 18 9.500a4.800 4.800 0 0 1 2.500 8M16 19H7a5 5 0 0 1-.5-9.970",
            Self::Upload => "M12 16V5M7 10l5-5 5 5M4 20h16",
            Self::Sync => "M4 11a8 8 0 0 1 14-4l2 2M20 4v5h-5M20 13a8 8 0 0 1-14 4l-2-2M4 20v-5h5",
            Self::Bag => "M5 8h14l1 13H4zM9 8V6a3 3 0 0 1 6 0v2",
            Self::Slash => "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M6 6l12 12",
            Self::Devices => "M3 5h18v11H3zM8 20h8M12 16v4",
            Self::Download => "M12 4v11M7 10l5 5 5-5M4 20h16",
            Self::Grid => "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z",
        }
    }
}

#[component]
pub fn Draw(icon: Icon) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=icon.path()></path></svg> }
}
