resource "azurerm_application_gateway" "first" {
  sku {
    name     = "WAF_Medium"
    tier     = "WAF"
    capacity = 2
  }
}
resource "azurerm_application_gateway" "by_tier" {
  sku {
    name     = var.name
    tier     = "Standard"
    capacity = 2
  }
}
resource "azurerm_application_gateway" "second" {
  sku {
    name     = "WAF_v2"
    tier     = "WAF_v2"
    capacity = 2
  }
}
variable "name" {}

# ends: azurerm_application_gateway.first: Application Gateway V1
# ends: azurerm_application_gateway.by_tier: Application Gateway V1
