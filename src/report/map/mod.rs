//! The landscape as a Wardley map: functions of the same [`Landscape`].

use std::io::{self, Write};

use crate::landscape::{Landscape, MapSource};

mod captions;
mod crossings;
mod dot;
mod json;
mod labels;
mod layout;
mod mermaid;
mod owm;
mod spelling;
mod svg;
mod trace;

pub(in crate::report) use svg::{STYLE, write_inside};

/// A format of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapFormat {
    /// A picture.
    Svg,
    /// For onlinewardleymaps.com.
    Owm,
    /// For Mermaid 11.14 and later.
    Mermaid,
    /// For programs: one object, sfl-map/1.
    Json,
    /// For Graphviz.
    Dot,
}

impl MapFormat {
    /// In the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Svg, Self::Owm, Self::Mermaid, Self::Json, Self::Dot];

    /// As it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Owm => "owm",
            Self::Mermaid => "mermaid",
            Self::Json => "json",
            Self::Dot => "dot",
        }
    }

    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Svg => "A picture, light and dark",
            Self::Owm => "For OnlineWardleyMaps",
            Self::Mermaid => "For Markdown: Mermaid's wardley-beta, from 11.14 on",
            Self::Json => "For programs: one object, sfl-map/1",
            Self::Dot => "For Graphviz",
        }
    }

    /// Writes a map.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(
        self,
        map: &Landscape,
        source: MapSource<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Svg => svg::write(map, source, out),
            Self::Owm => owm::write(map, source, out),
            Self::Mermaid => mermaid::write(map, out),
            Self::Json => json::write(map, source, out),
            Self::Dot => dot::write(map, out),
        }
    }
}
