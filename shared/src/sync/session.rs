//! Session tokens: how the server notices that a device lives twice. Every exchange that moves something
//! gives the device a new session token, kept in the same transaction as what came with it. A device that
//! presents an older one was copied, or restored from a backup, or the server was. It proves with a
//! fresh signature that it is alive, is heard, and looks through everything again.

use super::capability::{Capabilities, Capability};
use serde::{Deserialize, Serialize};

/// What a device holds after an exchange. All zeros before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SessionToken(pub [u8; 16]);

/// A question to be answered by the next signed exchange.
pub type Challenge = [u8; 16];

/// So many copies of one device are told apart; more of them would take the session from each other in turn.
const COPIES: usize = 64;

/// What the server keeps of a device's session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceSession {
    /// The session token given last.
    pub current: SessionToken,
    /// The one before: its holder did not get the last answer.
    pub before: SessionToken,
    /// The session tokens that were current when another holder took the session over, the newest [`COPIES`]. Whoever presents one was alive then: a copy.
    pub left: Vec<SessionToken>,
    /// Asked of a device that presented an old session token.
    pub challenge: Option<Challenge>,
    /// The first bytes of the last signature taken: the same bytes again are a replay.
    pub last_signature: Vec<u8>,
    /// How often the session was taken over.
    pub taken_over: u32,
    /// What the device speaks, as it told last.
    pub named: Option<Capabilities>,
}

/// What to think of a session token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The session goes on.
    GoesOn,
    /// An old session token: ask the challenge.
    Stale,
    /// An old session token whose holder is alive: restored from a backup, or first seen of two copies.
    TakesOver,
    /// The holder of a session that another copy has taken over.
    Copy,
}

impl DeviceSession {
    /// Whether the device speaks this.
    #[must_use]
    pub fn speaks(&self, capability: Capability) -> bool {
        capability.is_spoken(self.named.as_ref())
    }

    /// Judges what a device presents.
    #[must_use]
    pub fn judge(&self, presents: SessionToken, answers: Option<Challenge>) -> Judgement {
        if presents == self.current || presents == self.before {
            return Judgement::GoesOn;
        }
        match answers {
            Some(answer) if self.challenge == Some(answer) => {
                if self.left.contains(&presents) {
                    Judgement::Copy
                } else {
                    Judgement::TakesOver
                }
            }
            _ => Judgement::Stale,
        }
    }

    /// Gives the next session token to the one who presented a good one.
    pub fn go_on(&mut self, presents: SessionToken, next: SessionToken) {
        self.before = presents;
        self.current = next;
    }

    /// Gives the session to one who presented an old session token and answered the challenge.
    pub fn take_over(&mut self, next: SessionToken) {
        self.left.push(self.current);
        self.left.drain(..self.left.len().saturating_sub(COPIES));
        self.before = next;
        self.current = next;
        self.challenge = None;
        self.taken_over = self.taken_over.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A device that keeps a session token, and a server's session, with session tokens counted up.
    struct Scene {
        session: DeviceSession,
        count: u8,
    }

    impl Scene {
        fn fresh(&mut self) -> [u8; 16] {
            self.count += 1;
            [self.count; 16]
        }

        /// One sync of a holder: gives its new session token and what it was told.
        fn sync(&mut self, holds: SessionToken) -> (SessionToken, Judgement) {
            let mut judged = self.session.judge(holds, None);
            if judged == Judgement::Stale {
                let challenge = self.fresh();
                self.session.challenge = Some(challenge);
                judged = self.session.judge(holds, Some(challenge));
            }
            let next = SessionToken(self.fresh());
            match judged {
                Judgement::GoesOn => self.session.go_on(holds, next),
                Judgement::TakesOver => self.session.take_over(next),
                Judgement::Copy | Judgement::Stale => return (holds, judged),
            }
            (next, judged)
        }
    }

    fn scene() -> Scene {
        Scene { session: DeviceSession::default(), count: 0 }
    }

    #[test]
    fn a_lost_answer_is_no_accident() {
        let mut scene = scene();
        let (first, _) = scene.sync(SessionToken::default());
        let (_lost, judged) = scene.sync(first);
        assert_eq!(judged, Judgement::GoesOn);
        let (again, judged) = scene.sync(first);
        assert_eq!(judged, Judgement::GoesOn);
        assert_eq!(scene.sync(again).1, Judgement::GoesOn);
    }

    #[test]
    fn a_restored_backup_takes_over_and_goes_on() {
        let mut scene = scene();
        let (backup, _) = scene.sync(SessionToken::default());
        let mut now = backup;
        for _ in 0..5 {
            now = scene.sync(now).0;
        }
        let (restored, judged) = scene.sync(backup);
        assert_eq!(judged, Judgement::TakesOver);
        assert_eq!(scene.sync(restored).1, Judgement::GoesOn);
        // Restored once more from the same backup: still no copy.
        assert_eq!(scene.sync(backup).1, Judgement::TakesOver);
    }

    #[test]
    fn of_two_copies_the_second_to_be_overtaken_is_told() {
        let mut scene = scene();
        let (image, _) = scene.sync(SessionToken::default());
        let (one, _) = scene.sync(image);
        let (one, _) = scene.sync(one);
        let (two, judged) = scene.sync(image);
        assert_eq!(judged, Judgement::TakesOver);
        assert_eq!(scene.sync(one).1, Judgement::Copy);
        // The other goes on undisturbed.
        assert_eq!(scene.sync(two).1, Judgement::GoesOn);
    }

    #[test]
    fn of_three_copies_two_are_told() {
        let mut scene = scene();
        let (image, _) = scene.sync(SessionToken::default());
        let mut copies = [image; 3];
        for _ in 0..2 {
            copies[0] = scene.sync(copies[0]).0;
        }
        let mut told = [false; 3];
        for _ in 0..3 {
            for (held, told) in copies.iter_mut().zip(&mut told).filter(|(_, told)| !**told) {
                let (next, judged) = scene.sync(*held);
                (*held, *told) = (next, judged == Judgement::Copy);
            }
        }
        assert_eq!(told, [true, true, false]);
    }

    #[test]
    fn a_challenge_counts_once_and_only_the_one_asked() {
        let mut scene = scene();
        let (backup, _) = scene.sync(SessionToken::default());
        let mut now = backup;
        for _ in 0..3 {
            now = scene.sync(now).0;
        }
        scene.session.challenge = Some([99; 16]);
        assert_eq!(scene.session.judge(backup, Some([98; 16])), Judgement::Stale);
        assert_eq!(scene.session.judge(backup, Some([99; 16])), Judgement::TakesOver);
        scene.session.take_over(SessionToken([100; 16]));
        assert_eq!(scene.session.judge(backup, Some([99; 16])), Judgement::Stale);
    }
}
