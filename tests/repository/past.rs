//! Histories in the shape of real ones, made without a working tree: templates that grow, move, break and are mended among commits that
//! are about something else. The same number gives the same history.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use super::alone;

/// Numbers without chance.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, number: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).expect("64 bits") % number.max(1)
    }
}

/// What a commit's tree holds: path to mode and text.
type Files = BTreeMap<String, (&'static str, String)>;

/// Writes a history.
pub struct Past {
    dice: Dice,
    files: Files,
    stream: String,
    mark: usize,
    last: usize,
    /// Days since the first one.
    day: usize,
    /// What a broken file was before.
    whole: BTreeMap<String, String>,
}

const LADDER: [&str; 9] = [
    "    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n",
    "    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: orders\n",
    "    Type: AWS::EC2::Instance\n    Properties:\n      InstanceType: m7g.large\n",
    "    Type: AWS::SQS::Queue\n",
    "    Type: AWS::RDS::DBInstance\n    Properties:\n      Engine: mysql\n      EngineVersion: \"5.7\"\n      DBInstanceClass: db.t3.micro\n",
    "    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: nodejs16.x\n",
    "    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-0123456789abcdef0\n      UserData:\n        Fn::Base64: |\n          #!/bin/bash\n          yum install -y amazon-cloudwatch-agent\n          systemctl start shop\n",
    "    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: !Ref Image\n      UserData: !ImportValue boot\n",
    "    Type: AWS::SSM::PatchBaseline\n    Properties:\n      Name: ours\n",
];

const BLOCKS: [&str; 6] = [
    "resource \"aws_instance\" \"NAME\" {\n  instance_type = var.size\n}\n",
    "resource \"aws_dynamodb_table\" \"NAME\" {\n  billing_mode = var.mode\n}\n",
    "resource \"aws_sqs_queue\" \"NAME\" {\n}\n",
    "# sfl: because=licence reason=\"the licence is bound to the sockets of this host\" expires=DAY\nresource \"aws_instance\" \"NAME\" {\n  instance_type = \"m7g.large\"\n}\n",
    "resource \"aws_instance\" \"NAME\" {\n  instance_type = \"m7g.large\"\n  user_data = file(\"${path.module}/setup.sh\")\n}\n",
    "resource \"aws_autoscaling_policy\" \"NAME\" {\n  name = \"more\"\n  autoscaling_group_name = \"web\"\n}\n",
];

impl Past {
    pub fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            files: Files::new(),
            stream: String::new(),
            mark: 0,
            last: 0,
            day: 0,
            whole: BTreeMap::new(),
        }
    }

    fn date(&self, more: usize) -> String {
        let day = jiff::civil::date(2023, 1, 2);
        let days = i64::try_from(self.day + more).expect("a few years");
        day.saturating_add(jiff::Span::new().days(days)).to_string()
    }

    /// So many commits on `main`, and those that were merged into it.
    pub fn commits(&mut self, number: usize) {
        if self.files.is_empty() {
            self.found();
        }
        for at in 0..number {
            // Some days have several, some weeks none.
            self.day += [0, 0, 0, 1, 1, 2, 9][self.dice.below(7)];
            if self.dice.below(12) == 0 {
                let before = self.last;
                self.change();
                self.commit("on the side", &[before]);
                let side = self.last;
                self.last = before;
                self.commit("Merge branch 'side'", &[before, side]);
            } else {
                for _ in 0..[1, 1, 1, 2, 4][self.dice.below(5)] {
                    self.change();
                }
                let last: Vec<usize> = (self.last > 0).then_some(self.last).into_iter().collect();
                self.commit(&format!("change {at}"), &last);
            }
        }
    }

    fn found(&mut self) {
        for number in 0..4 {
            let text = self.template(3);
            self.put(&format!("app{number}/template.yaml"), text);
        }
        self.put("live/main.tf", "module \"a\" {\n  source = \"../modules/a\"\n  size = \"m7g.large\"\n}\nvariable \"mode\" { default = \"PROVISIONED\" }\nvariable \"size\" { default = \"m7g.large\" }\n".to_owned());
        self.put("modules/a/main.tf", "variable \"size\" {}\nvariable \"mode\" { default = \"PAY_PER_REQUEST\" }\nresource \"aws_instance\" \"this\" {\n  instance_type = var.size\n}\n".to_owned());
        self.put("src/index.ts", "export {}\n".to_owned());
        self.put("package.json", "{}\n".to_owned());
        self.put("docs/adr-1.md", "why\n".to_owned());
    }

    fn put(&mut self, path: &str, text: String) {
        self.files.insert(path.to_owned(), ("100644", text));
    }

    fn template(&mut self, most: usize) -> String {
        let mut text = "Resources:\n".to_owned();
        for number in 0..=self.dice.below(most) {
            self.resource(number, &mut text);
        }
        text
    }

    fn resource(&mut self, number: usize, text: &mut String) {
        let kind = LADDER[self.dice.below(LADDER.len())];
        let _ = write!(text, "  R{number}:\n{kind}");
        if self.dice.below(4) == 0 {
            let more = self.dice.below(200);
            let expires = self.date(more);
            let evidence = ["", ", evidence: docs/adr-1.md"][self.dice.below(2)];
            let _ = writeln!(
                text,
                "    Metadata:\n      sfl: {{ because: licence, reason: \"the licence is bound to the sockets of this host\", owner: team-{}, expires: {expires}{evidence} }}",
                number % 3
            );
        }
    }

    fn any(&mut self, fits: impl Fn(&str) -> bool) -> Option<String> {
        let all: Vec<&String> = self.files.keys().filter(|path| fits(path)).collect();
        let number = all.len();
        (number > 0).then(|| all[self.dice.below(number)].clone())
    }

    /// Changes something: mostly code.
    fn change(&mut self) {
        let mark = self.mark;
        match self.dice.below(41) {
            0..=13 => {
                let name = format!("src/part{}.ts", self.dice.below(30));
                self.put(&name, format!("export const n = {mark}\n"));
            }
            14 => self.put("package.json", format!("{{\"version\": \"0.0.{mark}\"}}\n")),
            15..=19 => {
                if let Some(path) = self.any(|path| path.ends_with("template.yaml")) {
                    let text = self.template(5);
                    self.put(&path, text);
                }
            }
            20 | 21 => {
                let text = self.template(6);
                let name =
                    ["template.yaml", "extra.yaml", "stack.template.json"][self.dice.below(2)];
                let folder = self.dice.below(9);
                self.put(&format!("app{folder}/{name}"), text);
            }
            22 => {
                if let Some(path) = self.any(|path| path.contains("app") && path.ends_with(".yaml"))
                {
                    self.files.remove(&path);
                }
            }
            23 => {
                // A folder gets another name.
                let from = format!("app{}/", self.dice.below(9));
                let to = format!(
                    "{}app{}/",
                    ["", "moved/"][self.dice.below(2)],
                    self.dice.below(9)
                );
                let moved: Vec<String> = self
                    .files
                    .keys()
                    .filter(|path| path.starts_with(&from))
                    .cloned()
                    .collect();
                for path in moved {
                    if let Some(held) = self.files.remove(&path) {
                        self.files.insert(path.replacen(&from, &to, 1), held);
                    }
                }
            }
            24 => {
                if let Some(path) = self.any(|path| path.ends_with("template.yaml")) {
                    let (_, text) = self.files[&path].clone();
                    self.whole.insert(path.clone(), text.clone());
                    self.put(
                        &path,
                        text.replacen("Properties:", "Properties: [\n   {", 1),
                    );
                }
            }
            25 | 26 => {
                for (path, text) in std::mem::take(&mut self.whole) {
                    if self.files.contains_key(&path) {
                        self.put(&path, text);
                    }
                }
            }
            27 | 28 => {
                let name = format!("r{mark}");
                let days = self.dice.below(150);
                let day = self.date(days);
                let block = BLOCKS[self.dice.below(BLOCKS.len())]
                    .replace("NAME", &name)
                    .replace("DAY", &day);
                let path = [
                    "live/more.tf",
                    "modules/a/more.tf",
                    "live/extra.tf",
                    "other/main.tf",
                ][self.dice.below(4)];
                let keeps = self.dice.below(2) == 0;
                let old = self
                    .files
                    .get(path)
                    .filter(|_| keeps)
                    .map_or(String::new(), |(_, text)| text.clone());
                self.put(path, old + &block);
            }
            29 => {
                let size = ["m7g.large", "m7g.xlarge"][self.dice.below(2)];
                let mode = ["PROVISIONED", "PAY_PER_REQUEST"][self.dice.below(2)];
                self.put(
                    "live/terraform.tfvars",
                    format!("size = \"{size}\"\nmode = \"{mode}\"\n"),
                );
            }
            30..=32 => self.settings(),
            33 => {
                let team = self.dice.below(3);
                let path = ["CODEOWNERS", ".github/CODEOWNERS"][self.dice.below(2)];
                self.put(path, format!("* @org/all\napp{team}/ @org/team-{team}\n"));
            }
            34 => {
                let number = self.dice.below(9);
                let text = [
                    format!("app{number}/\n"),
                    format!("!app{number}/\nextra.yaml\n"),
                    String::new(),
                ];
                let which = self.dice.below(3);
                self.put(".gitignore", text[which].clone());
            }
            35 => match self.dice.below(2) {
                0 => self.put("docs/adr-1.md", format!("why, {mark}\n")),
                _ => {
                    self.files.remove("docs/adr-1.md");
                }
            },
            36 => {
                let target = ["../modules/a/main.tf", "../live/main.tf", "../nowhere.tf"]
                    [self.dice.below(3)];
                self.files
                    .insert("linked/shared.tf".to_owned(), ("120000", target.to_owned()));
                if self.dice.below(2) == 0 {
                    let folder = ["modules/a", "live", "other"][self.dice.below(3)];
                    self.files
                        .insert("shortcut".to_owned(), ("120000", folder.to_owned()));
                    self.put(
                        "other/call.tf",
                        "module \"s\" {\n  source = \"../shortcut\"\n  size = \"t3.micro\"\n}\n"
                            .to_owned(),
                    );
                }
            }
            37 => {
                self.files.remove("linked/shared.tf");
            }
            38 => {
                // Two stacks that name each other, and a nested one.
                let name = format!("net{}", self.dice.below(2));
                self.put("app0/net.yaml", format!("Resources:\n  Vpc:\n    Type: AWS::EC2::VPC\nOutputs:\n  Vpc:\n    Value: !Ref Vpc\n    Export: {{ Name: {name} }}\n"));
                self.put("app1/use.yaml", "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      SubnetId: !ImportValue net0\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ../app2/template.yaml\n".to_owned());
            }
            39 => {
                // A script beside the modules that may read it.
                let path =
                    ["live/setup.sh", "modules/a/setup.sh", "other/setup.sh"][self.dice.below(3)];
                let lines = self.dice.below(6);
                match lines {
                    0 => drop(self.files.remove(path)),
                    _ => self.put(
                        path,
                        format!("#!/bin/sh\n\n{}", "echo more\n".repeat(lines)),
                    ),
                }
            }
            _ => {
                let id = "0123456789abcdef0123456789abcdef01234567";
                self.files
                    .insert("vendored".to_owned(), ("160000", id.to_owned()));
            }
        }
    }

    /// Another configuration; now and then a faulty one.
    fn settings(&mut self) {
        let days = self.dice.below(120);
        let day = self.date(days);
        let far = self.date(400);
        let number = self.dice.below(6);
        let parts = [
            "[ladders.nosql]\naccept = \"capacity\"\n".to_owned(),
            format!("[[purpose.target]]\nscore = 80\nby = {day}\n"),
            "[[purpose.stream]]\nname = \"shop\"\nowner = \"@org/shop\"\npaths = [\"app1/**\", \"live/**\"]\n".to_owned(),
            format!("[[justification]]\npath = \"app{number}/**\"\nbecause = \"licence\"\nreason = \"the licence is bound to the sockets of this host\"\nexpires = \"{day}\"\n"),
            format!("[[justification]]\npath = \"app{number}/**\"\naddress = \"R1\"\nbecause = \"licence\"\nreason = \"the licence is bound to the sockets of this host\"\nexpires = \"{far}\"\n"),
            "exclude = [\"app5/**\"]\n".to_owned(),
            "[justifications]\nfurthest = \"300d\"\n".to_owned(),
            "[[nonsense]]\n".to_owned(),
        ];
        let mut text = String::new();
        // What stands in no table comes first.
        if self.dice.below(3) == 0 {
            text.push_str(&parts[5]);
        }
        for (at, part) in parts.iter().enumerate().filter(|(at, _)| *at != 5) {
            let rare = if at == 7 { 9 } else { 2 };
            if self.dice.below(rare) == 0 {
                text.push_str(part);
            }
        }
        self.put("sfl.toml", text);
    }

    fn commit(&mut self, message: &str, parents: &[usize]) {
        let mut blobs = String::new();
        let mut tree = "deleteall\n".to_owned();
        for (path, (mode, text)) in &self.files {
            if *mode == "160000" {
                let _ = writeln!(tree, "M {mode} {text} {path}");
                continue;
            }
            self.mark += 1;
            let _ = write!(
                blobs,
                "blob\nmark :{}\ndata {}\n{text}\n",
                self.mark,
                text.len()
            );
            let _ = writeln!(tree, "M {mode} :{} {path}", self.mark);
        }
        self.mark += 1;
        let time = 1_672_650_000 + self.day * 86_400;
        let _ = write!(
            self.stream,
            "{blobs}commit refs/heads/main\nmark :{}\ncommitter Somebody <somebody@example.org> {time} +0000\ndata {}\n{message}\n",
            self.mark,
            message.len()
        );
        for (at, parent) in parents.iter().enumerate() {
            let word = if at == 0 { "from" } else { "merge" };
            let _ = writeln!(self.stream, "{word} :{parent}");
        }
        let _ = writeln!(self.stream, "{tree}");
        self.last = self.mark;
    }

    /// Puts it into a repository.
    pub fn import(&self, folder: &Path) {
        let mut git = alone("git", folder);
        git.args(["fast-import", "--quiet", "--force"])
            .stdin(Stdio::piped());
        let mut git = git.spawn().expect("git runs");
        let mut input = git.stdin.take().expect("a pipe");
        input.write_all(self.stream.as_bytes()).expect("it reads");
        drop(input);
        assert!(git.wait().expect("it ends").success());
    }
}
