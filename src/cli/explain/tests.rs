use super::*;
use crate::placement::CATALOGUE;

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
