//! How large a glob may be: a compiler of globs is recursive and hungry, and the one who writes a glob may be a stranger.

/// Bytes of one glob. Paths are at most four times as long.
const LONGEST: usize = 1024;
/// Braces within braces.
const DEEPEST: usize = 4;

/// Whether a glob may be compiled.
///
/// # Errors
/// Why not.
pub fn check(glob: &str) -> Result<(), String> {
    short(glob)?;
    let mut depth = 0_usize;
    for byte in glob.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(format!("its braces are nested more than {DEEPEST} deep"));
        }
    }
    Ok(())
}

/// Whether a glob without braces may be compiled.
///
/// # Errors
/// Why not.
pub fn short(glob: &str) -> Result<(), String> {
    if glob.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_passes_and_what_fills_the_stack_does_not() {
        assert_eq!(check("infra/{prod,{dev,test}}/**/*.{yaml,yml}"), Ok(()));
        assert_eq!(check(&"{a}".repeat(300)), Ok(()));
        assert!(check(&"{".repeat(5)).is_err_and(|why| why.contains("braces")));
        assert!(check(&"a".repeat(LONGEST + 1)).is_err_and(|why| why.contains("longer")));
    }
}
