variable "replicas" {
  type = number
}

locals {
  doubled = var.replicas + 1
}

output "replicas" {
  value = local.doubled
}

output "zones" {
  value = [for at in range(local.doubled - 3) : format("zone-%02d", at)]
}
