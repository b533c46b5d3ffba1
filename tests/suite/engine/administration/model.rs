//! An exhaustive search through the interleavings of operations and exchanges on
//! one store, with faults of its swaps.
//!
//! A run is determined by its choices: which process performs its next step, and
//! what happens to a swap. The search repeats the run with every sequence of
//! choices. Steps on values that only one process uses commute with all others,
//! so they are performed at once and are no choice.

use std::collections::BTreeMap;

use mpass_core::service::settings::Refused;
use mpass_core::service::{Answer, Exchange, Reason, Reply, Step, TenantOperation, TenantOutcome};
use mpass_core::store::{Kind, Operation, Progress, StoreAnswer, StoreKey, StoreStep, Swap};
use mpass_tests::sim::NOON;

/// What happens to a swap that would be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is stored, and its answer is lost.
    StoredUnknown,
    /// It is not stored, and its answer is lost.
    LostUnknown,
    /// Its answer is lost, and it is stored later, at any time, if it still can
    /// be.
    Late,
    /// It is stored, and then the store fails.
    StoredFailed,
    /// It is stored, and its process ends.
    StoredCrash,
    /// It is not stored, and its process ends.
    Crash,
}

impl Fault {
    pub(super) const ALL: &'static [Self] = &[
        Self::StoredUnknown,
        Self::LostUnknown,
        Self::Late,
        Self::StoredFailed,
        Self::StoredCrash,
        Self::Crash,
    ];
    /// Those that other processes can notice: a process that ends without having
    /// stored anything is one that never began, and one that ends after storing
    /// is one whose later steps change nothing.
    pub(super) const LOST: &'static [Self] = &[Self::StoredUnknown, Self::Late, Self::StoredFailed];
    /// Those after which the value is stored.
    pub(super) const STORED: &'static [Self] = &[Self::StoredUnknown, Self::StoredFailed];
}

/// The choices of a run; later runs change the last one that can be changed.
#[derive(Default)]
struct Choices {
    path: Vec<(usize, usize)>,
    at: usize,
}

impl Choices {
    fn choose(&mut self, of: usize) -> usize {
        if self.at == self.path.len() {
            self.path.push((0, of));
        }
        let (chosen, options) = self.path[self.at];
        assert_eq!(options, of, "a run does not depend on its choices alone");
        self.at += 1;
        chosen
    }

    /// Advances to the next sequence of choices.
    fn advance(&mut self) -> bool {
        self.at = 0;
        while let Some((chosen, options)) = self.path.pop() {
            if chosen + 1 < options {
                self.path.push((chosen + 1, options));
                return true;
            }
        }
        false
    }
}

/// Something that runs on the store.
pub(super) enum Process {
    Administrator(TenantOperation),
    /// A call; the gateway accepts its message or refuses it.
    Caller {
        exchange: Exchange,
        is_taken: bool,
    },
}

/// How a process ended.
#[derive(Debug)]
pub(super) enum End {
    Administered(Result<TenantOutcome, Refused>),
    Replied(Reply),
    Crashed,
}

impl End {
    pub(super) fn reason(&self) -> Option<Reason> {
        match self {
            Self::Replied(reply) => Some(reply.reason),
            _ => None,
        }
    }
}

/// A step of whichever process.
enum Next {
    Load(Kind, StoreKey),
    Swap(Swap),
    /// Answered without the store.
    Other(Answer),
    Ended(End),
}

impl Process {
    fn next(&mut self, answer: StoreAnswer, other: Option<Answer>) -> Next {
        match self {
            Self::Administrator(operation) => match operation.next(answer, NOON) {
                Ok(Progress::Step(StoreStep::Load { kind, key })) => Next::Load(kind, key),
                Ok(Progress::Step(StoreStep::Swap(swap))) => Next::Swap(swap),
                Ok(Progress::Step(step)) => panic!("{step:?}"),
                Ok(Progress::Done(outcome)) => Next::Ended(End::Administered(Ok(outcome))),
                Err(refused) => Next::Ended(End::Administered(Err(refused))),
            },
            Self::Caller { exchange, is_taken } => {
                let answer = other.unwrap_or_else(|| of_exchange(answer));
                match exchange.next(answer, NOON) {
                    Step::Load { kind, key } => Next::Load(kind, key),
                    Step::Swap(swap) => Next::Swap(swap),
                    Step::Assess(_) => Next::Other(Answer::Unsupported),
                    Step::Deliver(_) if *is_taken => Next::Other(Answer::Delivered),
                    Step::Deliver(_) => Next::Other(Answer::Refused),
                    Step::Reply(reply) => Next::Ended(End::Replied(reply)),
                    step => panic!("{step:?}"),
                }
            }
        }
    }
}

fn of_exchange(answer: StoreAnswer) -> Answer {
    match answer {
        StoreAnswer::Begin => Answer::Begin,
        StoreAnswer::Loaded(value) => Answer::Loaded(value),
        StoreAnswer::Stored => Answer::Stored,
        StoreAnswer::Conflict(current) => Answer::Conflict(current),
        StoreAnswer::Unknown => Answer::Unknown,
        StoreAnswer::Failed => Answer::Failed,
        answer => panic!("{answer:?}"),
    }
}

type Values = BTreeMap<(Kind, StoreKey), Vec<u8>>;

/// A run, once it is over.
pub(super) struct Run {
    values: Values,
    /// Every value that was stored under a shared key, in order.
    pub(super) history: Vec<(StoreKey, Vec<u8>)>,
    pub(super) ends: Vec<End>,
    /// The faults that happened.
    pub(super) faults: Vec<Fault>,
}

impl Run {
    pub(super) fn value(&self, kind: Kind, key: StoreKey) -> Option<&[u8]> {
        self.values.get(&(kind, key)).map(Vec::as_slice)
    }

    fn store(&mut self, swap: &Swap) -> Result<(), Option<Vec<u8>>> {
        let current = self.value(swap.kind, swap.key);
        if current != swap.expected.as_deref() {
            return Err(current.map(<[u8]>::to_vec));
        }
        self.values
            .insert((swap.kind, swap.key), swap.value.clone());
        self.history.push((swap.key, swap.value.clone()));
        Ok(())
    }
}

/// A model: the values to begin with, the keys that several processes use, and
/// the kinds and the greatest number of faults in a run.
pub(super) struct Model<'a> {
    pub(super) values: &'a [Swap],
    pub(super) shared: &'a [StoreKey],
    pub(super) faults: &'static [Fault],
    pub(super) most_faults: usize,
}

impl Model<'_> {
    /// Checks every run, and returns their number.
    pub(super) fn check(
        &self,
        processes: impl Fn() -> Vec<Process>,
        check: impl Fn(&Run),
    ) -> usize {
        let mut choices = Choices::default();
        let mut runs = 0;
        loop {
            let run = self.run(processes(), &mut choices);
            check(&run);
            runs += 1;
            assert!(runs < 1_000_000, "too many interleavings");
            if !choices.advance() {
                return runs;
            }
        }
    }

    fn run(&self, mut processes: Vec<Process>, choices: &mut Choices) -> Run {
        let mut run = Run {
            values: Values::new(),
            history: Vec::new(),
            ends: Vec::new(),
            faults: Vec::new(),
        };
        for swap in self.values {
            run.store(swap).unwrap();
        }
        let mut pending: Vec<Option<Next>> = Vec::new();
        for process in &mut processes {
            let next = process.next(StoreAnswer::Begin, None);
            pending.push(Some(self.settle(process, next, &mut run)));
        }
        let mut late: Vec<Swap> = Vec::new();
        loop {
            let is_ready = |next: &Option<Next>| !matches!(next, Some(Next::Ended(_)));
            let mut ready: Vec<usize> = (0..processes.len())
                .filter(|at| is_ready(&pending[*at]))
                .collect();
            ready.extend(processes.len()..processes.len() + late.len());
            if ready.is_empty() {
                break;
            }
            let at = ready[choices.choose(ready.len())];
            if let Some(at) = at.checked_sub(processes.len()) {
                // Conflicts are not reported any more.
                let _ = run.store(&late.remove(at));
                continue;
            }
            let step = pending[at].take();
            let answer = self.perform(step.unwrap(), &mut run, choices, &mut late);
            pending[at] = Some(match answer {
                None => Next::Ended(End::Crashed),
                Some(answer) => {
                    let next = processes[at].next(answer, None);
                    self.settle(&mut processes[at], next, &mut run)
                }
            });
        }
        run.ends = pending
            .into_iter()
            .map(|next| match next {
                Some(Next::Ended(end)) => end,
                _ => panic!("a process has not ended"),
            })
            .collect();
        run
    }

    /// Performs the steps that no other process notices.
    fn settle(&self, process: &mut Process, mut next: Next, run: &mut Run) -> Next {
        loop {
            next = match next {
                Next::Other(answer) => process.next(StoreAnswer::Begin, Some(answer)),
                Next::Load(kind, key) if !self.shared.contains(&key) => {
                    let value = run.value(kind, key).map(<[u8]>::to_vec);
                    process.next(StoreAnswer::Loaded(value), None)
                }
                Next::Swap(swap) if !self.shared.contains(&swap.key) => {
                    let answer = match run.store(&swap) {
                        Ok(()) => StoreAnswer::Stored,
                        Err(current) => StoreAnswer::Conflict(current),
                    };
                    process.next(answer, None)
                }
                next => return next,
            };
        }
    }

    /// Performs a step on a shared value; `None` if its process crashes.
    fn perform(
        &self,
        step: Next,
        run: &mut Run,
        choices: &mut Choices,
        late: &mut Vec<Swap>,
    ) -> Option<StoreAnswer> {
        let swap = match step {
            Next::Load(kind, key) => {
                let value = run.value(kind, key).map(<[u8]>::to_vec);
                return Some(StoreAnswer::Loaded(value));
            }
            Next::Swap(swap) => swap,
            Next::Other(_) | Next::Ended(_) => unreachable!(),
        };
        let current = run.value(swap.kind, swap.key);
        if current != swap.expected.as_deref() {
            return Some(StoreAnswer::Conflict(current.map(<[u8]>::to_vec)));
        }
        let fault = match run.faults.len() < self.most_faults {
            true => match choices.choose(self.faults.len() + 1) {
                0 => None,
                fault => Some(self.faults[fault - 1]),
            },
            false => None,
        };
        run.faults.extend(fault);
        use Fault::{Crash, Late, LostUnknown, StoredCrash, StoredFailed, StoredUnknown};
        if let None | Some(StoredUnknown | StoredFailed | StoredCrash) = fault {
            run.store(&swap).unwrap();
        }
        match fault {
            None => Some(StoreAnswer::Stored),
            Some(StoredFailed) => Some(StoreAnswer::Failed),
            Some(StoredUnknown | LostUnknown) => Some(StoreAnswer::Unknown),
            Some(Late) => {
                late.push(swap);
                Some(StoreAnswer::Unknown)
            }
            Some(StoredCrash | Crash) => None,
        }
    }
}
