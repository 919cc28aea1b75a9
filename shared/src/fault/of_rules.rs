//! What each refusal of a rule says to a person. What is refused is decided by the rule; the words stand in `words`.

use super::{Code, Fault, Warning};
use crate::fault;
use crate::rule::apart::DutyRefused;
use crate::rule::binding::MoveRefusal;
use crate::rule::order::{OrderRefusal, OrderWarning, StepRefusal};
use crate::rule::password::PasswordProblem;
use crate::rule::pin::PinProblem;
use crate::rule::receipt::ReceiptRefusal;
use crate::words::{en, zh};

impl From<&OrderWarning> for Warning {
    fn from(warning: &OrderWarning) -> Self {
        Self { code: warning.code().to_owned(), words: zh::order::warning(warning), english: en::order::warning(warning) }
    }
}

impl From<OrderRefusal> for Fault {
    fn from(refusal: OrderRefusal) -> Self {
        match refusal {
            OrderRefusal::Confirm(warnings) => {
                let warnings: Vec<Warning> = warnings.iter().map(Warning::from).collect();
                let fault = fault!(Code::Confirm, order::confirm(&warnings));
                Self { warnings, ..fault }
            }
            OrderRefusal::ReasonMissing => fault!(Code::BadInput, order::LATE_WITHOUT_REASON),
            OrderRefusal::Date => fault!(Code::BadInput, order::DAY_TOO_FAR),
        }
    }
}

impl From<StepRefusal> for Fault {
    fn from(refusal: StepRefusal) -> Self {
        match refusal {
            StepRefusal::Mode => fault!(Code::NotNow, order::OUTCOME_OF_ANOTHER_MODE),
            StepRefusal::Ended => fault!(Code::NotNow, order::ENDED),
            StepRefusal::ReasonMissing => fault!(Code::BadInput, order::NOT_DELIVERED_WITHOUT_REASON),
        }
    }
}

impl From<ReceiptRefusal> for Fault {
    fn from(refusal: ReceiptRefusal) -> Self {
        match refusal {
            ReceiptRefusal::Future => fault!(Code::BadInput, receipt::ARRIVAL_IN_THE_FUTURE),
            ReceiptRefusal::BeforeTheMeal => fault!(Code::BadInput, receipt::ARRIVAL_BEFORE_THE_DAY),
            ReceiptRefusal::TooManyPhotos => fault!(Code::BadInput, receipt::TOO_MANY_PHOTOS),
            ReceiptRefusal::WindowOver => fault!(Code::NotNow, receipt::WINDOW_OVER),
        }
    }
}

impl From<MoveRefusal> for Fault {
    fn from(refusal: MoveRefusal) -> Self {
        match refusal {
            MoveRefusal::Same => fault!(Code::NotNow, binding::SAME_CANTEEN),
            MoveRefusal::OfTheTown => fault!(Code::Forbidden, binding::OF_THE_TOWN),
            MoveRefusal::Outside => fault!(Code::Forbidden, binding::OUTSIDE),
        }
    }
}

impl From<PinProblem> for Fault {
    fn from(problem: PinProblem) -> Self {
        fault!(Code::BadInput, staff::weak_pin(problem))
    }
}

impl From<PasswordProblem> for Fault {
    fn from(problem: PasswordProblem) -> Self {
        fault!(Code::BadInput, account::weak_password(problem))
    }
}

impl From<DutyRefused> for Fault {
    fn from(refused: DutyRefused) -> Self {
        match refused {
            DutyRefused::NoDuty => fault!(Code::Forbidden, accounts::NO_DUTY),
            DutyRefused::OwnAccount => fault!(Code::Forbidden, accounts::OWN_ACCOUNT),
            DutyRefused::Outside => fault!(Code::Forbidden, place::OUTSIDE_OF_SCOPE),
            DutyRefused::NotAsItStands => fault!(Code::NotNow, accounts::NOT_AS_IT_STANDS),
            DutyRefused::SamePerson => fault!(Code::Forbidden, accounts::SAME_PERSON),
            DutyRefused::OtherDuty => fault!(Code::NotNow, accounts::OTHER_DUTY),
        }
    }
}
