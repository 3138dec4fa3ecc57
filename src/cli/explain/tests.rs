use super::*;
use crate::analysis::{TargetState, UnreadKind};
use crate::base::finding::{Section, Severity};
use crate::placement::CATALOGUE;
use crate::report::Effect;
use crate::report::pretty::GROUP_HEADS;
use crate::rulebook::Step;

fn page(name: &str) -> String {
    let subject = find(&CATALOGUE, name).unwrap_or_else(|| panic!("{name} is known"));
    let style = Style {
        width: 80,
        ..Style::plain_text()
    };
    let mut out = Vec::new();
    write(&CATALOGUE, name, subject, &style, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("it is text")
}

#[test]
fn everything_in_the_catalogue_can_be_explained() {
    for name in all(&CATALOGUE).collect::<Vec<_>>() {
        let page = page(name);
        assert!(page.lines().count() > 2, "{name}: {page}");
    }
    for ladder in CATALOGUE.ladders() {
        for rung in Rung::ALL {
            let code = format!("{}/{}", ladder.name, rung.name());
            assert!(page(&code).starts_with(&code));
        }
    }
}

#[test]
fn letters_do_not_matter_and_near_names_are_offered() {
    assert!(page("aws::ecs::service").contains("AWS::ECS::Service"));
    assert!(find(&CATALOGUE, "AWS::ECS::Servise").is_none());
    assert!(near(&CATALOGUE, "AWS::ECS::Servise").contains(&"AWS::ECS::Service".to_owned()));
    assert!(near(&CATALOGUE, "compute/sever").contains(&"compute/server".to_owned()));
    assert!(near(&CATALOGUE, "xyzzy-nothing-at-all").is_empty());
}

#[test]
fn members_and_plumbing_say_why_they_are_no_choice() {
    assert!(page("aws_vpc").contains("is not a hosting choice"));
    let member = CATALOGUE
        .rules()
        .find(|rule| rule.role() == Role::Member)
        .expect("there is one");
    assert!(page(&member.name).contains("belongs to"));
}

#[test]
fn every_word_of_the_tables_of_reports_can_be_explained() {
    let sections = Section::ALL.map(Section::heading);
    let severities = [Severity::Note, Severity::Warning, Severity::Error].map(Severity::name);
    let steps = Step::ALL.map(Step::name);
    let unread = UnreadKind::ALL.map(UnreadKind::name);
    let states = TargetState::ALL.map(TargetState::name);
    let effects = Effect::ALL.map(|effect| effect.heading().to_lowercase());
    let words = sections
        .iter()
        .chain(&severities)
        .chain(&steps)
        .chain(&unread)
        .chain(&states)
        .chain(&GROUP_HEADS)
        .copied();
    let words = words.chain(effects.iter().map(String::as_str));
    for word in words.collect::<Vec<_>>() {
        let page = page(word);
        assert!(page.starts_with(word), "{word}: {page}");
    }
    assert!(headings::HEADINGS.is_sorted());
}

#[test]
fn the_end_of_a_code_is_enough_where_only_one_has_it() {
    assert!(page("ends-soon").starts_with("justification/ends-soon"));
    assert!(page("unused").starts_with("justification/unused"));
    assert!(find(&CATALOGUE, "unreadable").is_none());
    let near = near(&CATALOGUE, "unreadable");
    assert!(near.contains(&"source/unreadable".to_owned()), "{near:?}");
}
