//! A sheet over the page on which somebody chooses and types: the native dialog in the page's own look, so that the focus stays in it and Esc
//! closes it. It goes with its owner.

use js_sys::{Array, Promise};
use shared::fault::Fault;
use shared::say;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Document, Element, Event, HtmlAnchorElement, HtmlDialogElement, HtmlElement, HtmlInputElement, Url};

/// What is asked on a sheet.
pub struct Field {
    /// By which tests find it.
    pub test: &'static str,
    pub kind: &'static str,
    pub complete: &'static str,
}

/// A sheet that is shown.
pub struct Sheet {
    page: Document,
    dialog: HtmlDialogElement,
    form: Element,
    /// What is wrong, or is being done.
    news: Element,
}

/// The page.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

impl Sheet {
    /// Shows one.
    pub fn open(title: &str, hint: &str) -> Option<Self> {
        let page = document()?;
        let element = |name: &str, class: &str| {
            let element = page.create_element(name).ok()?;
            element.set_class_name(class);
            Some(element)
        };
        let dialog: HtmlDialogElement = element("dialog", "")?.dyn_into().ok()?;
        dialog.set_attribute("aria-label", title).ok()?;
        let (head, words) = (element("header", "dialog-head")?, element("h2", "")?);
        words.set_text_content(Some(title));
        let close: HtmlElement = element("button", "btn small")?.dyn_into().ok()?;
        for (name, value) in [("type", "button"), ("data-testid", "key-close")] {
            close.set_attribute(name, value).ok()?;
        }
        let escape = element("kbd", "")?;
        escape.set_text_content(Some("Esc"));
        close.append_child(&escape).ok()?;
        close.append_child(&page.create_text_node(say!(program::CLOSE))).ok()?;
        let (body, form, news) = (element("div", "dialog-body")?, element("form", "")?, element("div", "")?);
        news.set_attribute("role", "alert").ok()?;
        for (into, part) in [(&head, words.as_ref()), (&head, close.as_ref()), (&body, &form)] {
            into.append_child(part).ok()?;
        }
        dialog.append_child(&head).ok()?;
        dialog.append_child(&body).ok()?;
        page.body()?.append_child(&dialog).ok()?;
        let sheet = Self { page, dialog, form, news };
        sheet.hint(hint);
        sheet.dialog.show_modal().ok()?;
        Some(sheet)
    }

    fn put(&self, name: &str, class: &str, words: &str) -> Option<Element> {
        let element = self.page.create_element(name).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(words));
        self.form.append_child(&element).ok()?;
        Some(element)
    }

    /// Words for whoever reads.
    pub fn hint(&self, words: &str) {
        let _ = self.put("p", "muted", words);
    }

    /// A field.
    pub fn field(&self, field: &Field, words: &str) -> Option<HtmlInputElement> {
        let label = self.put("label", "f wide", "")?;
        let said = self.page.create_element("span").ok()?;
        said.set_text_content(Some(words));
        let input: HtmlInputElement = self.page.create_element("input").ok()?.dyn_into().ok()?;
        for (name, value) in [("type", field.kind), ("autocomplete", field.complete), ("data-testid", field.test)] {
            input.set_attribute(name, value).ok()?;
        }
        input.set_required(field.kind != "file");
        label.append_child(&said).ok()?;
        label.append_child(&input).ok()?;
        Some(input)
    }

    /// What is pressed when all is typed, with the news above it; the first field has the focus.
    pub fn button(&self, words: &str) {
        let _ = self.form.append_child(&self.news);
        if let Some(button) = self.put("button", "btn go", words) {
            let _ = button.set_attribute("data-testid", "key-go");
        }
        let first = self.form.query_selector("input").ok().flatten();
        if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
            let _ = first.focus();
        }
    }

    /// Waits until it is pressed; no, where the sheet was closed.
    pub async fn pressed(&self) -> bool {
        let mut heard = Vec::new();
        let pressed = Promise::new(&mut |resolve, _| {
            let close = self.dialog.query_selector(".dialog-head button").ok().flatten();
            let targets =
                [(Some(&self.form), "submit", true), (Some(self.dialog.as_ref()), "cancel", false), (close.as_ref(), "click", false)];
            for (target, event, is_pressed) in targets {
                let resolve = resolve.clone();
                let hear = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
                    // Of a file that was not chosen anew the browser says the same word as of Esc.
                    if event.type_() == "cancel" && event.target() != event.current_target() {
                        return;
                    }
                    event.prevent_default();
                    let _ = resolve.call1(&JsValue::NULL, &JsValue::from_bool(is_pressed));
                });
                let target = target.cloned();
                if let Some(target) = &target {
                    let _ = target.add_event_listener_with_callback(event, hear.as_ref().unchecked_ref());
                }
                heard.push((target, event, hear));
            }
        });
        let pressed = JsFuture::from(pressed).await.is_ok_and(|pressed| pressed.is_truthy());
        for (target, event, hear) in &heard {
            if let Some(target) = target {
                let _ = target.remove_event_listener_with_callback(event, hear.as_ref().unchecked_ref());
            }
        }
        pressed
    }

    /// Says what is being done, and lets the browser show it first.
    pub async fn work(&self, words: &str) {
        self.tell("banner info", "key-working", words);
        let shown = Promise::new(&mut |resolve, _| {
            if let Some(window) = web_sys::window() {
                let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 40);
            }
        });
        let _ = JsFuture::from(shown).await;
    }

    /// Says why not.
    pub fn refuse(&self, fault: &Fault) {
        self.tell("banner bad", "key-fault", &fault.to_string());
    }

    fn tell(&self, class: &str, test: &str, words: &str) {
        self.news.set_class_name(class);
        let _ = self.news.set_attribute("data-testid", test);
        self.news.set_text_content(Some(words));
    }
}

impl Drop for Sheet {
    fn drop(&mut self) {
        self.dialog.close();
        self.dialog.remove();
    }
}

/// Has the browser save a file.
pub fn save(name: &str, text: &str) -> Option<()> {
    let kind = BlobPropertyBag::new();
    kind.set_type("application/x-pem-file");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&JsValue::from_str(text)), &kind).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlAnchorElement = document()?.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    // The browser reads the address later; it ends with the page.
    link.click();
    Some(())
}
