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
/// stub
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhoneNumber { t: [u8; 16], n: usize }
impl PhoneNumber {
    /// stub
    pub fn parse(s: &str, _c: Option<CallingCode>) -> Result<Self, Error> { let mut t=[0;16]; if s.len()>16 {return Err(Error::NumberTooLong);} t[..s.len()].copy_from_slice(s.as_bytes()); Ok(Self{t,n:s.len()}) }
    /// stub
    pub fn as_str(&self) -> &str { core::str::from_utf8(&self.t[..self.n]).unwrap_or_default() }
    /// stub
    pub fn calling_code(&self) -> CallingCode { CallingCode(966) }
}
