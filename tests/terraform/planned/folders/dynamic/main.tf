variable "strategies" {
  type = list(object({ provider = string, weight = optional(number, 1), base = optional(number) }))
  default = [
    { provider = "FARGATE_SPOT", weight = 4 },
    { provider = "FARGATE", base = 1 },
  ]
}

variable "volumes" {
  default = {
    data = { size = 10, tags = ["a", "b"] }
    logs = { size = 5, tags = [] }
  }
}

variable "use_vpc" {
  default = true
}

variable "unknown" {
  type = list(string)
}

resource "aws_ecs_service" "this" {
  name = "web"

  dynamic "capacity_provider_strategy" {
    for_each = var.strategies
    content {
      capacity_provider = capacity_provider_strategy.value.provider
      weight            = capacity_provider_strategy.value.weight
      base              = capacity_provider_strategy.value["base"]
      position          = capacity_provider_strategy.key
    }
  }

  dynamic "network_configuration" {
    for_each = var.use_vpc ? [1] : []
    content {
      subnets = ["a", "b"]
    }
  }

  dynamic "load_balancer" {
    for_each = var.use_vpc ? {} : { web = 80 }
    content {
      container_name = load_balancer.key
      container_port = load_balancer.value
    }
  }
}

resource "aws_instance" "this" {
  instance_type = "m7g.large"

  ebs_block_device {
    device_name = "first"
  }

  dynamic "ebs_block_device" {
    for_each = var.volumes
    iterator = volume
    content {
      device_name = volume.key
      volume_size = volume.value.size

      dynamic "tag" {
        for_each = toset(volume.value.tags)
        content {
          name  = "${volume.key}-${tag.value}"
          again = tag.key
        }
      }
    }
  }

  dynamic "network_interface" {
    for_each = var.unknown
    content {
      name = network_interface.value
    }
  }
}

resource "aws_instance" "each" {
  for_each = var.volumes

  dynamic "root_block_device" {
    for_each = each.value.size > 5 ? [each.value.size] : []
    content {
      volume_size = root_block_device.value
      name        = each.key
    }
  }

  dynamic "sets" {
    for_each = toset(["y", "x"])
    content {
      key   = sets.key
      value = sets.value
    }
  }
}

# Three levels of blocks, each of which may be there or not.
locals {
  pools = [{ disks = [{ quotas = [{ files = 10 }, { files = 20 }] }, { quotas = null }] }]
}

resource "aws_launch_template" "nested" {
  dynamic "pool" {
    for_each = local.pools

    content {
      dynamic "disk" {
        for_each = pool.value.disks

        content {
          dynamic "quota" {
            for_each = disk.value.quotas == null ? [] : disk.value.quotas

            content {
              files = quota.value.files

              dynamic "unit" {
                for_each = quota.value.files > 10 ? [quota.key] : []

                content {
                  number = unit.value
                }
              }
            }
          }
        }
      }
    }
  }
}
