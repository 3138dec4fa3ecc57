variable "place" {
  type = object({
    subnet = string
    zone   = optional(string)
    edge   = optional(string, "none")
  })
  default = null
}

variable "pools" {
  type = map(object({
    subnet = string
    count  = optional(number, 1)
    limits = optional(list(object({
      files  = optional(number)
      tuning = optional(object({ swap = optional(number), cache = optional(number, 50) }))
    })), [])
  }))
}

variable "rules" {
  type = set(object({ from = string, id = string, port = optional(number, 443) }))
}

locals {
  looks_up_zone = var.place != null ? var.place.zone == null : false
}

resource "aws_launch_template" "pool" {
  for_each = var.pools

  name = "${each.key}-${var.place.edge}-${each.value.count + 1}"

  dynamic "limits" {
    for_each = each.value.limits

    content {
      files = limits.value.files

      dynamic "tuning" {
        for_each = limits.value.tuning == null ? [] : [limits.value.tuning]

        content {
          swap  = tuning.value.swap
          cache = tuning.value.cache
        }
      }
    }
  }
}

resource "aws_instance" "lookup" {
  count = local.looks_up_zone ? 1 : 0

  instance_type = "t3.micro"
}

resource "aws_instance" "rule" {
  count = length(var.rules)

  instance_type = [for rule in var.rules : "t${rule.port}.micro"][0]
}
