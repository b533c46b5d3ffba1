//! Public lists: enumerations whose numbers and names every language shows.
//!
//! A list is written once, here in core, with the number, the name and the
//! meaning of each entry. C, Java, JavaScript and the documentation are
//! generated from [`Entry`] tables by `cargo xtask lists`.

/// One entry of a public list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number, which never changes and is never given a second meaning.
    pub number: u16,
    /// The identifier in `UpperCamelCase`, from which every language derives
    /// the name of its constant.
    pub identifier: &'static str,
    /// The stable name: what is shown, logged or sent.
    pub name: &'static str,
    /// What it means: its documentation, in Markdown.
    pub meaning: &'static str,
}

/// Declares a list: an enumeration with its entries, and the conversions
/// between a value, its number and its name.
macro_rules! list {
    (
        $(#[doc = $about:literal])+
        #[non_exhaustive]
        pub enum $List:ident: $repr:ident { $($entries:tt)+ }
    ) => {
        $crate::list::list! {
            @[#[non_exhaustive]] [$($about)+] $List: $repr { $($entries)+ }
        }
    };
    (
        $(#[doc = $about:literal])+
        pub enum $List:ident: $repr:ident { $($entries:tt)+ }
    ) => {
        $crate::list::list! { @[] [$($about)+] $List: $repr { $($entries)+ } }
    };
    (
        @[$($attribute:tt)*] [$($about:literal)+] $List:ident: $repr:ident {
            $($(#[doc = $doc:literal])+ $Variant:ident = $number:literal, $name:literal;)+
        }
    ) => {
        $(#[doc = $about])+
        $($attribute)*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr($repr)]
        pub enum $List { $($(#[doc = $doc])+ $Variant = $number,)+ }

        impl $List {
            /// What the list is: its documentation, in Markdown.
            pub const ABOUT: &'static str = concat!($($about, "\n",)+);

            /// Every entry, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$Variant,)+];

            /// Number, name and meaning of every entry, in the order of
            /// [`Self::ALL`].
            pub const ENTRIES: &'static [$crate::list::Entry] = &[$($crate::list::Entry {
                number: $number as u16,
                identifier: stringify!($Variant),
                name: $name,
                meaning: concat!($($doc, "\n",)+),
            },)+];

            /// The stable number that every language shows.
            #[must_use]
            pub const fn number(self) -> $repr {
                self as $repr
            }

            /// The stable name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$Variant => $name,)+ }
            }

            /// The entry of a number.
            #[must_use]
            pub const fn from_number(number: $repr) -> Option<Self> {
                match number { $($number => Some(Self::$Variant),)+ _ => None }
            }

            /// The entry of a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$Variant),)+ _ => None }
            }
        }
    };
}

pub(crate) use list;

/// Whether entries have ascending numbers and distinct names.
#[cfg(all(test, feature = "alloc"))]
pub(crate) fn is_in_order(entries: &[Entry]) -> bool {
    let ascending = entries
        .windows(2)
        .all(|pair| pair[0].number < pair[1].number);
    let distinct = entries.iter().enumerate().all(|(index, entry)| {
        entries[..index]
            .iter()
            .all(|other| other.name != entry.name)
    });
    ascending && distinct
}
