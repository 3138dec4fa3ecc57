locals {
  base = { dev = 1, prod = 4 }
  env  = "prod"
}

module "sizes" {
  source   = "./sizes"
  replicas = local.base[local.env]
}

module "service" {
  source        = "./service"
  desired_count = module.sizes.replicas * 2
  zones         = module.sizes.zones
}

output "names" {
  value = module.service.names
}
