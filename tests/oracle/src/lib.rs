//! libyaml behind a safe interface: what the parser of `sfl` is compared with.
//!
//! A crate of its own because `sfl` forbids `unsafe`, which the interface of libyaml asks for.

use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;

use libyaml_rs::{
    YAML_ALIAS_EVENT, YAML_DOCUMENT_END_EVENT, YAML_DOCUMENT_START_EVENT,
    YAML_DOUBLE_QUOTED_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE, YAML_LITERAL_SCALAR_STYLE,
    YAML_MAPPING_END_EVENT, YAML_MAPPING_START_EVENT, YAML_SCALAR_EVENT, YAML_SEQUENCE_END_EVENT,
    YAML_SEQUENCE_START_EVENT, YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_STREAM_END_EVENT,
    yaml_event_delete, yaml_event_t, yaml_parser_delete, yaml_parser_initialize, yaml_parser_parse,
    yaml_parser_set_input_string, yaml_parser_t,
};

/// The tag and the anchor of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Props {
    /// With its handle resolved and its escapes undone.
    pub tag: Option<Vec<u8>>,
    /// Without the `&`.
    pub anchor: Option<Vec<u8>>,
}

/// One event of libyaml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A document begins.
    DocumentStart,
    /// It ends.
    DocumentEnd,
    /// `*name`
    Alias(Vec<u8>),
    /// A value; `style` is one of `'`, `"`, `|`, `>` and `:` for plain.
    Scalar {
        /// Tag and anchor.
        props: Props,
        /// With folding and escapes applied.
        value: Vec<u8>,
        /// How it is written.
        style: char,
    },
    /// A sequence begins.
    SequenceStart(Props),
    /// It ends.
    SequenceEnd,
    /// A mapping begins.
    MappingStart(Props),
    /// It ends.
    MappingEnd,
}

/// The bytes of a C string; `None` for a null pointer.
///
/// # Safety
///
/// `string` is null or points to bytes that end with 0.
unsafe fn bytes(string: *const u8) -> Option<Vec<u8>> {
    // SAFETY: as promised by the caller.
    (!string.is_null())
        .then(|| unsafe { CStr::from_ptr(string.cast::<c_char>()).to_bytes().to_vec() })
}

/// A libyaml parser that frees what it holds.
struct Parser(Box<MaybeUninit<yaml_parser_t>>);

impl Drop for Parser {
    fn drop(&mut self) {
        // SAFETY: initialised in `for_each`, before the value was made.
        unsafe { yaml_parser_delete(self.0.as_mut_ptr()) }
    }
}

/// Runs libyaml over `text` and calls `each` with every event.
fn for_each(text: &[u8], mut each: impl FnMut(&yaml_event_t)) -> Result<(), String> {
    let mut memory = Box::new(MaybeUninit::<yaml_parser_t>::uninit());
    // SAFETY: the parser is initialised before use, does not move (it is boxed), and `text` outlives it. Each event is
    // initialised by a parse that succeeded and deleted once.
    unsafe {
        assert!(
            yaml_parser_initialize(memory.as_mut_ptr()).ok,
            "out of memory"
        );
        let mut parser = Parser(memory);
        let raw = parser.0.as_mut_ptr();
        yaml_parser_set_input_string(raw, text.as_ptr(), text.len() as u64);
        loop {
            let mut event = MaybeUninit::<yaml_event_t>::uninit();
            if yaml_parser_parse(raw, event.as_mut_ptr()).fail {
                let failed: &yaml_parser_t = &*raw;
                let problem = bytes(failed.problem.cast::<u8>()).unwrap_or_default();
                return Err(String::from_utf8_lossy(&problem).into_owned());
            }
            let mut event = event.assume_init();
            let ended = event.type_ == YAML_STREAM_END_EVENT;
            each(&event);
            yaml_event_delete(&raw mut event);
            if ended {
                return Ok(());
            }
        }
    }
}

/// The number of events, without looking into them: what libyaml takes at least.
///
/// # Errors
///
/// Where libyaml refuses the text.
pub fn count(text: &[u8]) -> Result<usize, String> {
    let mut count = 0;
    for_each(text, |_| count += 1)?;
    Ok(count)
}

/// All events of a text.
///
/// # Errors
///
/// What libyaml says where it refuses the text.
pub fn events(text: &[u8]) -> Result<Vec<Event>, String> {
    let mut events = Vec::new();
    for_each(text, |event| {
        // SAFETY: the type of an event says which member of its union is set, and its strings are C strings.
        let event = unsafe {
            match event.type_ {
                YAML_DOCUMENT_START_EVENT => Event::DocumentStart,
                YAML_DOCUMENT_END_EVENT => Event::DocumentEnd,
                YAML_ALIAS_EVENT => {
                    Event::Alias(bytes(event.data.alias.anchor).unwrap_or_default())
                }
                YAML_SCALAR_EVENT => {
                    let scalar = &event.data.scalar;
                    let length = usize::try_from(scalar.length).expect("it is in memory");
                    Event::Scalar {
                        props: Props {
                            tag: bytes(scalar.tag),
                            anchor: bytes(scalar.anchor),
                        },
                        value: std::slice::from_raw_parts(scalar.value, length).to_vec(),
                        style: match scalar.style {
                            YAML_SINGLE_QUOTED_SCALAR_STYLE => '\'',
                            YAML_DOUBLE_QUOTED_SCALAR_STYLE => '"',
                            YAML_LITERAL_SCALAR_STYLE => '|',
                            YAML_FOLDED_SCALAR_STYLE => '>',
                            _ => ':',
                        },
                    }
                }
                YAML_SEQUENCE_START_EVENT => Event::SequenceStart(Props {
                    tag: bytes(event.data.sequence_start.tag),
                    anchor: bytes(event.data.sequence_start.anchor),
                }),
                YAML_MAPPING_START_EVENT => Event::MappingStart(Props {
                    tag: bytes(event.data.mapping_start.tag),
                    anchor: bytes(event.data.mapping_start.anchor),
                }),
                YAML_SEQUENCE_END_EVENT => Event::SequenceEnd,
                YAML_MAPPING_END_EVENT => Event::MappingEnd,
                _ => return,
            }
        };
        events.push(event);
    })?;
    Ok(events)
}
