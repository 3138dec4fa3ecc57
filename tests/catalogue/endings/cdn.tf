resource "azurerm_cdn_profile" "microsoft" {
  sku = "Standard_Microsoft"
}
resource "azurerm_cdn_profile" "akamai" {
  sku = "Standard_Akamai"
}
resource "azurerm_cdn_profile" "edgio" {
  sku = "Premium_Verizon"
}
resource "azurerm_cdn_profile" "china" {
  sku = "Standard_ChinaCdn"
}
resource "azurerm_frontdoor" "first" {
  name = "first"
}
resource "azurerm_cdn_frontdoor_profile" "second" {
  sku_name = "Standard_AzureFrontDoor"
}

# ends: azurerm_cdn_profile.microsoft: Azure CDN from Microsoft (classic)
# ends: azurerm_cdn_profile.akamai: Azure CDN from Akamai
# ends: azurerm_cdn_profile.edgio: Azure CDN from Edgio
# ends: azurerm_frontdoor.first: Azure Front Door (classic)
