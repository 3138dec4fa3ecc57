resource "aws_instance" "some" {
  count         = 3
  instance_type = "m7g.large"
  tags          = { Name = "n${count.index}" }
}

resource "aws_instance" "none" {
  count         = 0
  instance_type = "m7g.large"
}

resource "aws_instance" "single" {
  instance_type = "c7g.large"
}

resource "aws_instance" "keyed" {
  for_each      = toset(["a", "b"])
  instance_type = each.key
}

locals {
  nested     = [{ a = [{ b = 1 }, { b = 2 }] }, { a = [{ b = 3 }] }]
  full       = local.nested[*].a[*].b
  legacy     = local.nested.*.a.0.b
  flat       = flatten(local.nested[*].a)[*].b
  of_null    = null[*]
  of_scalar  = "x"[*]
  of_object  = { a = 1 }[*].a
  types      = aws_instance.some[*].instance_type
  old_types  = aws_instance.some.*.instance_type
  names      = aws_instance.some[*].tags.Name
  first      = aws_instance.some.0.instance_type
  none       = aws_instance.none[*].instance_type
  joined     = join(",", aws_instance.none.*.instance_type)
  one        = one(aws_instance.none[*].instance_type)
  single     = aws_instance.single[*].instance_type
  keyed      = values(aws_instance.keyed)[*].instance_type
  keyed_map  = { for key, instance in aws_instance.keyed : key => instance.instance_type }
  ids        = { for key, instance in aws_instance.keyed : key => instance.id }
  whole      = aws_instance.single.instance_type == "c7g.large" ? "whole" : "part"
  count      = length(aws_instance.some)
  keyed_size = length(aws_instance.keyed)
  keys       = keys(aws_instance.keyed)
  last       = element(aws_instance.some[*].tags.Name, length(aws_instance.some) - 1)
  either     = element(concat(aws_instance.none[*].instance_type, [""]), 0)
}
