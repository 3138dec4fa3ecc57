module "cdn" {
  source = "Azure/avm-res-cdn-profile/azurerm"
  sku    = "Standard_Microsoft"
}
module "door" {
  source = "Azure/avm-res-cdn-profile/azurerm"
}

# ends: module.cdn: Azure CDN from Microsoft (classic)
