variable "size" {
  type    = string
  default = "m7g.large"
}

locals {
  desks = { north = 2, south = var.far }
  sizes = merge(local.more, { own = var.size })
}

resource "terraform_data" "desk" {
  for_each = local.desks
  input = {
    number = each.value
    size   = local.sizes[each.key]
  }
}
