//! The page of the desk: its program of the meals of a day.

fn main() {
    ui::open(|| ui::desk::Meals());
}
