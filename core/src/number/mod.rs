//! number
use crate::Error;
/// stub
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallingCode(u16);
impl CallingCode {
    /// stub
    pub fn new(c: u16) -> Result<Self, Error> { Ok(Self(c)) }
    /// stub
    pub fn get(self) -> u16 { self.0 }
}
