resource "azurerm_lb" "basic" {
  sku = "Basic"
}
resource "azurerm_lb" "default" {
  name = "default"
}
resource "azurerm_lb" "gateway" {
  sku = "Gateway"
}
module "default" {
  source = "Azure/loadbalancer/azurerm"
}
module "standard" {
  source = "Azure/loadbalancer/azurerm"
  lb_sku = "Standard"
}
module "verified" {
  source = "Azure/avm-res-network-loadbalancer/azurerm"
}

# ends: azurerm_lb.basic: Basic Load Balancer
# ends: module.default: Basic Load Balancer
