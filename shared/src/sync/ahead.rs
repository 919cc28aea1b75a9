//! Reading ahead: changes are read on a second core while the store takes in the ones before.

use std::sync::mpsc;

/// How many items are read at a time; fewer are read where they are taken.
const AT_ONCE: usize = 64;

/// Gives what `read` makes of each item to `take`, in order.
///
/// # Errors
/// The first of `take`; nothing is taken after it.
pub fn read_ahead<T: Send, R: Send, E>(
    items: Vec<T>,
    read: impl Fn(T) -> R + Send,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    if items.len() <= AT_ONCE {
        return items.into_iter().map(read).try_for_each(take);
    }
    let mut items = items.into_iter();
    std::thread::scope(|scope| {
        let (ahead, taken) = mpsc::sync_channel(4);
        // Where nobody takes them any more, there was an error.
        scope.spawn(move || while ahead.send(items.by_ref().take(AT_ONCE).map(&read).collect::<Vec<_>>()).is_ok() && items.len() > 0 {});
        taken.into_iter().flatten().try_for_each(&mut take)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_comes_once_and_in_order_and_nothing_after_an_error() {
        for count in [0, 1, AT_ONCE, AT_ONCE + 1, 1000] {
            let mut taken = Vec::new();
            let all = read_ahead(
                (0..count).collect(),
                |item| item * 2,
                |item| {
                    taken.push(item);
                    Ok::<_, ()>(())
                },
            );
            assert_eq!((all, taken), (Ok(()), (0..count).map(|item| item * 2).collect()));
            let mut last = None;
            let stopped = read_ahead(
                (0..count).collect(),
                |item| item,
                |item| {
                    last = Some(item);
                    if item == 300 { Err(item) } else { Ok(()) }
                },
            );
            assert_eq!((stopped.is_err(), last), (count > 300, count.min(301).checked_sub(1)));
        }
    }
}
