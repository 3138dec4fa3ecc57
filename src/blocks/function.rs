//! The functions of all dialects. What they mean is said in `eval`; here they have a name.

/// A function on which a hosting choice can hang. Where dialects mean different things by one word, there are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Condition, then, else.
    If,
    /// Two values are the same.
    Equals,
    /// Two values are not the same.
    Differs,
    /// First number is below the second.
    Below,
    /// First number is below or equal.
    AtMost,
    Not,
    /// All.
    And,
    Or,
    /// A collection, and one key or index after the other.
    Index,
    /// A value that stands for itself, such as a text with nothing but one name in it.
    Same,
    /// A name that a function makes, as `Ref` and `Fn::GetAtt` take it in the language extensions: what gives the name, and
    /// what gives the attribute, if it is one.
    Refer,
    /// A function that is not run: its name or the cause, then its arguments, which still refer to things.
    Opaque,
    /// `Fn::ImportValue`: why it is not known, where nobody exports it, and its name.
    Import,

    /// `Fn::FindInMap`: mapping, first key, second key, and a default or nothing.
    FindInMap,
    /// `Fn::Select`: index, list.
    Select,
    /// `Fn::Join`: separator, list.
    Join,
    /// `Fn::Split`: separator, text.
    Split,
    /// `Fn::Sub`: texts one after the other.
    Substitute,
    /// `Fn::Length`.
    Length,
    /// `Fn::Contains`: list, value.
    Contains,

    /// A template: the texts of values, one after the other.
    Template,
    Plus,
    Minus,
    Times,
    /// Quotient.
    DividedBy,
    /// What is left after a division.
    Remainder,
    /// The number with the other sign.
    Negative,
    /// A map: keys and values in turn.
    Object,
    /// Blocks written one by one or all at once: values and lists, one after the other.
    Blocks,
    /// What a splat runs over: a list as it is, nothing for nothing, else the value alone.
    Spread,
    /// An attribute of one instance of a resource: address, key, attribute.
    Instance,
    /// Something of each instance of a resource, of which nobody knows how many there are.
    Instances,
    Named(Named),
    /// A named function, the last argument of which is a list of further arguments.
    Expanded(Named),
}

macro_rules! named {
    ($($name:ident $text:literal $least:literal $(to $most:literal)? $(or $more:ident)?,)*) => {
        /// Terraform's functions that are run.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Named { $($name,)* }

        impl Named {
            /// The function that is called so.
            #[must_use]
            pub fn called(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// What it is called.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Whether it takes so many arguments.
            #[must_use]
            pub fn takes(self, count: usize) -> bool {
                match self {
                    $(Self::$name => {
                        #[allow(unused_assignments, unused_mut)]
                        let mut most = $least;
                        $(most = $most;)?
                        $(let $more = usize::MAX; most = $more;)?
                        ($least..=most).contains(&count)
                    })*
                }
            }

            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

named! {
    Abs "abs" 1,
    AllTrue "alltrue" 1,
    AnyTrue "anytrue" 1,
    Base64Decode "base64decode" 1,
    Base64Encode "base64encode" 1,
    Basename "basename" 1,
    Can "can" 1,
    Ceil "ceil" 1,
    Chomp "chomp" 1,
    ChunkList "chunklist" 2,
    Coalesce "coalesce" 0 or more,
    CoalesceList "coalescelist" 0 or more,
    Compact "compact" 1,
    Concat "concat" 0 or more,
    Contains "contains" 2,
    CsvDecode "csvdecode" 1,
    Dirname "dirname" 1,
    Distinct "distinct" 1,
    Element "element" 2,
    EndsWith "endswith" 2,
    EphemeralAsNull "ephemeralasnull" 1,
    File "file" 1,
    FileBase64 "filebase64" 1,
    FileExists "fileexists" 1,
    FileSet "fileset" 2,
    Flatten "flatten" 1,
    Floor "floor" 1,
    Format "format" 1 or more,
    FormatList "formatlist" 1 or more,
    Indent "indent" 2,
    Index "index" 2,
    IsSensitive "issensitive" 1,
    Join "join" 1 or more,
    JsonDecode "jsondecode" 1,
    JsonEncode "jsonencode" 1,
    Keys "keys" 1,
    Length "length" 1,
    Log "log" 2,
    Lookup "lookup" 2 to 3,
    Lower "lower" 1,
    MatchKeys "matchkeys" 3,
    Max "max" 0 or more,
    Merge "merge" 0 or more,
    Min "min" 0 or more,
    NonSensitive "nonsensitive" 1,
    One "one" 1,
    ParseInt "parseint" 2,
    Pow "pow" 2,
    Range "range" 1 to 3,
    Regex "regex" 2,
    RegexAll "regexall" 2,
    Replace "replace" 3,
    Reverse "reverse" 1,
    Sensitive "sensitive" 1,
    SetIntersection "setintersection" 1 or more,
    SetProduct "setproduct" 0 or more,
    SetSubtract "setsubtract" 2,
    SetUnion "setunion" 1 or more,
    Signum "signum" 1,
    Slice "slice" 3,
    Sort "sort" 1,
    Split "split" 2,
    StartsWith "startswith" 2,
    StrContains "strcontains" 2,
    StrRev "strrev" 1,
    Substr "substr" 3,
    Sum "sum" 1,
    TemplateFile "templatefile" 2,
    TemplateString "templatestring" 2,
    Title "title" 1,
    ToBool "tobool" 1,
    ToList "tolist" 1,
    ToMap "tomap" 1,
    ToNumber "tonumber" 1,
    ToSet "toset" 1,
    ToString "tostring" 1,
    Transpose "transpose" 1,
    Trim "trim" 2,
    TrimPrefix "trimprefix" 2,
    TrimSpace "trimspace" 1,
    TrimSuffix "trimsuffix" 2,
    Try "try" 0 or more,
    Upper "upper" 1,
    UrlEncode "urlencode" 1,
    Values "values" 1,
    YamlDecode "yamldecode" 1,
    YamlEncode "yamlencode" 1,
    Zipmap "zipmap" 2,
}

impl Named {
    /// Whether it brings a text that stands elsewhere.
    #[must_use]
    pub fn brings(self) -> bool {
        matches!(
            self,
            Self::File | Self::FileBase64 | Self::TemplateFile | Self::TemplateString
        )
    }
}
