variable "objects" {
  type = map(object({ size = number, type = optional(string, "t4g.small") }))
  default = {
    web    = { size = 2 }
    "a b"  = { size = 1, type = "m7g.large" }
    "q\"x" = { size = 0 }
  }
}

locals {
  zones = toset(["c", "a", "b"])
  pairs = { for pair in setproduct(["x", "y"], local.zones) : "${pair[0]}-${pair[1]}" => pair }
}

resource "aws_instance" "objects" {
  for_each      = var.objects
  instance_type = each.value.type
  tags          = { Name = each.key, Size = each.value.size }
}

resource "aws_instance" "set" {
  for_each          = local.zones
  availability_zone = "eu-west-1${each.key}"
  tags              = { Same = each.value }
}

resource "aws_instance" "pairs" {
  for_each = local.pairs
  tags     = { first = each.value[0], second = each.value[1] }
}

resource "aws_instance" "filtered" {
  for_each      = { for name, object in var.objects : name => object if object.size > 0 }
  instance_type = each.value.type
}

resource "aws_instance" "counted" {
  count         = length(local.zones)
  instance_type = element(["a1.large", "b1.large"], count.index)
  tags          = { Zone = sort(tolist(local.zones))[count.index] }
}


resource "aws_instance" "chained" {
  for_each      = aws_instance.set
  instance_type = "m7g.large"
  tags          = { Name = each.key, Zone = each.value.availability_zone }
}

resource "aws_instance" "none" {
  for_each      = {}
  instance_type = "m7g.large"
}

resource "aws_instance" "none_of_text" {
  for_each      = toset([])
  instance_type = "m7g.large"
}

resource "aws_instance" "object" {
  for_each      = { first = "m7g.large", second = "c7g.large" }
  instance_type = each.value
}
