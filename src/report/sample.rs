//! Reports made by hand, for the tests of the formats.

use std::sync::Arc;
use std::time::Duration;

use super::{Pages, Style};
use crate::analysis::{Analysis, UnreadItem, UnreadKind};
use crate::base::finding::{Finding, Help, Related, Section, Severity};
use crate::base::source::{Source, Span};
use crate::compare::Compared;
use crate::placement::{
    CATALOGUE, Carrier, Decision, Dialect, Field, Justification, Place, Reach, Reason, Rule, Rung,
    Signature,
};
use crate::rulebook::rule::RuleBody;
use crate::rulebook::{Advice, Case, Condition};

pub const SHOP: &str = "\
Resources:
  Api:
    Type: AWS::Serverless::Function
  Web:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 2
  Cart:
    Type: AWS::ECS::Service
    Properties:
      LaunchType: !Ref LaunchType
      DesiredCount: 2
Parameters:
  LaunchType: { Type: String, Default: EC2 }
";

pub fn style(width: usize) -> Style {
    Style {
        color: false,
        unicode: true,
        width,
        quiet: false,
        verbose: false,
        full: false,
        show_justified: false,
        group_by: None,
        pages: Pages::at("https://example.com/sfl/docs"),
        remote: None,
        revision: None,
        show_known: false,
        hyperlinks: false,
        trend: None,
    }
}

/// The span of a text within a source.
pub fn span(source: &Source, text: &str) -> Span {
    let start = u32::try_from(source.text().find(text).expect("it is there")).expect("small");
    Span::new(start, start + u32::try_from(text.len()).expect("small"))
}

pub fn finding(source: &Arc<Source>, text: &str, code: &str, severity: Severity) -> Finding {
    Finding {
        code: code.parse().expect("it is a code"),
        severity,
        message: "Web runs on EC2: rung 4 of 4 on the compute ladder, and nobody wrote down why"
            .to_owned(),
        label: "machines of your own: images, patching, hardening, access, scaling, failover"
            .to_owned(),
        help: Vec::new(),
        source: Arc::clone(source),
        span: span(source, text),
        related: Vec::new(),
        address: Some("Web".to_owned()),
        construct: None,
        decision: None,
        planned: None,
    }
}

fn rule(rung: Rung) -> Arc<Rule> {
    let case = Case {
        rung,
        when: Condition::All(Vec::new()),
        says: "runs somewhere".into(),
        doubt: None,
        or: Vec::new(),
        untried: false,
        words: Advice::default(),
    };
    let compute = CATALOGUE.ladder("compute").expect("it is there");
    Arc::new(Rule {
        ladder: Arc::clone(compute),
        body: RuleBody {
            name: "sample".into(),
            title: "a sample".into(),
            cases: vec![case],
            ..RuleBody::default()
        },
    })
}

fn decision(source: &Source, text: &str, address: &str, kind: &str, rung: Rung) -> Decision {
    let span = span(source, text);
    Decision {
        path: Arc::clone(source.name()),
        dialect: Dialect::CloudFormation,
        root: None,
        former: Vec::new(),
        is_of_several_roots: false,
        address: address.to_owned(),
        construct: None,
        is_default_child: false,
        generator: None,
        kind: kind.to_owned(),
        rule: rule(rung),
        case: 0,
        rung,
        reachable: Vec::new(),
        assumed: None,
        deployments: Vec::new(),
        is_given: false,
        is_left_out: false,
        is_counted: true,
        can_fall: false,
        conditional: false,
        conditional_on: Vec::new(),
        doubts: Vec::new(),
        changed_members: Vec::new(),
        shown_members: Vec::new(),
        members: Vec::new(),
        unlisted_members: 0,
        elsewhere: Vec::new(),
        fallback: rung > Rung::Serverless,
        severity: crate::reasons::severity(rung),
        is_off: false,
        justification: None,
        contradicted: Vec::new(),
        signature: Signature::default(),
        decider: None,
        start: source.position(span.start),
        end: source.position(span.end),
        block: span,
        written: None,
        planned: Vec::new(),
        endings: Vec::new(),
        fix: None,
        owner: None,
        stream: None,
    }
}

/// One file with a server, a cluster that can be Fargate, and a function; another with an explained cluster.
pub fn report() -> Compared {
    let shop = Arc::new(Source::new("infra/shop.yaml", SHOP.to_owned()));
    let mut web = finding(
        &shop,
        "AWS::AutoScaling::AutoScalingGroup",
        "compute/server",
        Severity::Error,
    );
    web.decision = Some(1);
    web.help = vec![
        Help {
            section: Section::Climb,
            text: "rung 3 is ECS or EKS on instances, rung 2 is ECS on Fargate (same container, no hosts), rung 1 is Lambda.\nFargate is a redesign here: needs an image, no host access, 16 vCPU at most.".to_owned(),
        },
        Help {
            section: Section::SayWhy,
            text: "Metadata:\n  sfl: { because: licence, reason: \"...\", owner: \"...\", expires: 2027-06-30 }".to_owned(),
        },
    ];
    let mut cart = finding(
        &shop,
        "!Ref LaunchType",
        "compute/cluster",
        Severity::Warning,
    );
    cart.message =
        "Cart runs on ECS with EC2 instances: rung 3 of 4, and nobody wrote down why".to_owned();
    cart.label = "instances to size, patch and scale".to_owned();
    cart.address = Some("Cart".to_owned());
    cart.decision = Some(2);
    cart.related = vec![Related {
        source: Arc::clone(&shop),
        span: span(&shop, "Default: EC2"),
        message: "the default decides".to_owned(),
    }];
    let ops = Source::new(
        "infra/ops.yaml",
        "Jobs:\n  Type: AWS::EKS::Cluster\n".to_owned(),
    );

    let api = decision(
        &shop,
        "AWS::Serverless::Function",
        "Api",
        "AWS::Serverless::Function",
        Rung::Serverless,
    );
    let group = "AWS::AutoScaling::AutoScalingGroup";
    let mut on_ec2 = decision(&shop, group, "Web", group, Rung::Server);
    on_ec2.members = vec!["WebLaunchTemplate".to_owned(), "WebVolume".to_owned()];
    let mut on_ecs = decision(
        &shop,
        "!Ref LaunchType",
        "Cart",
        "AWS::ECS::Service",
        Rung::Cluster,
    );
    on_ecs.conditional = true;
    on_ecs.conditional_on = vec!["IsOpen".to_owned()];
    on_ecs.reachable = vec![Reach {
        rung: Rung::Capacity,
        when: "`LaunchType=FARGATE`".to_owned(),
        deployments: Vec::new(),
    }];
    let mut jobs = decision(
        &ops,
        "AWS::EKS::Cluster",
        "Jobs",
        "AWS::EKS::Cluster",
        Rung::Cluster,
    );
    let mut reason = Reason::new(
        Carrier::Comment,
        Place {
            file: 0,
            span: Span::default(),
        },
    );
    reason.because = Some(Field {
        text: "protocol".to_owned(),
        span: Span::default(),
    });
    jobs.justification = Some(Justification {
        reason,
        path: Arc::clone(ops.name()),
        start: ops.position(0),
    });
    jobs.doubts = vec!["`Version` has no default".to_owned()];
    let analysis = Analysis {
        decisions: vec![api, on_ec2, on_ecs, jobs],
        findings: vec![web, cart],
        read: vec!["infra/ops.yaml".to_owned(), "infra/shop.yaml".to_owned()],
        skipped_files: (1..=37)
            .map(|at| format!("infra/values-{at}.yaml"))
            .collect(),
        not_templates: vec!["README.md".to_owned()],
        unreadable: 0,
        unknown_types: [("AWS::New::Thing".to_owned(), 2)].into(),
        elapsed: Duration::from_millis(6),
        ..Analysis::default()
    };
    analysis.into()
}

/// What nobody names a resource, unless to see what a report makes of it.
pub const HOSTILE: &str = "=cmd()\n::error::gone\r\n##[error]</script><!-- ]]> | ` \u{1b}[31m\u{202e}\u{fffe}{0} [a](b) 100%25, \\\"";

/// The same report, but every text of a template or a reason is hostile, and one of them is long.
pub fn hostile() -> Compared {
    let mut report = report();
    let path = format!("infra/{HOSTILE}.yaml");
    let shop = Arc::new(Source::new(&*path, SHOP.to_owned()));
    let field = || {
        Some(Field {
            text: HOSTILE.to_owned(),
            span: Span::default(),
        })
    };
    for decision in &mut report.decisions {
        decision.path = Arc::clone(shop.name());
        decision.address = HOSTILE.to_owned();
        decision.kind = HOSTILE.to_owned();
        decision.members = vec![HOSTILE.to_owned()];
        if let Some(justification) = &mut decision.justification {
            justification.path = Arc::clone(shop.name());
            let reason = &mut justification.reason;
            reason.because = field();
            reason.reason = field();
            reason.owner = field();
            reason.expires = field();
            reason.evidence = field();
        }
    }
    for finding in &mut report.findings {
        finding.source = Arc::clone(&shop);
        finding.address = Some(HOSTILE.to_owned());
        finding.message = format!("{HOSTILE} runs on EC2");
        finding.label = HOSTILE.to_owned();
        for help in &mut finding.help {
            help.text = HOSTILE.to_owned();
        }
        for related in &mut finding.related {
            related.source = Arc::clone(&shop);
            related.message = HOSTILE.to_owned();
        }
    }
    let item = UnreadItem::at(HOSTILE).because(HOSTILE);
    report.unread.add(UnreadKind::Generated, item);
    let long = "long".repeat(2500);
    report.decisions[1].address.clone_from(&long);
    report.findings[0].message = format!("{long} runs on EC2");
    report.findings[0].address = Some(long);
    report.read = vec![path];
    report
}

/// What a format writes, as text.
pub fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("memory takes everything");
    String::from_utf8(out).expect("it is text")
}

/// No character acts on what is around it; line breaks are the format's own.
pub fn is_calm(text: &str) -> bool {
    let own = ['\n', '\r'];
    !text
        .chars()
        .any(|c| super::visible::acts(c) && !own.contains(&c))
}
