locals {
  settings = jsondecode(<<-JSON
    {
      "prod": { "instances": 3, "type": "m7g.large" },
      "dev": { "instances": 0, "type": "t4g.small" }
    }
  JSON
  )
  own     = local.settings[terraform.workspace]
  is_prod = terraform.workspace == "prod"
  suffix  = "-${terraform.workspace}"
}

resource "aws_instance" "counted" {
  count         = local.own.instances
  instance_type = local.own.type
}

resource "aws_instance" "prod" {
  count         = local.is_prod ? 1 : 0
  instance_type = "m7g.large"
}

resource "aws_instance" "by_lookup" {
  count         = lookup({ prod = 2, dev = 1 }, terraform.workspace, 0)
  instance_type = "m7g.large"
}

resource "aws_instance" "named" {
  instance_type = local.settings.prod.type
  tags = {
    Name  = "web${local.suffix}"
    Count = local.settings["dev"].instances
  }
}
