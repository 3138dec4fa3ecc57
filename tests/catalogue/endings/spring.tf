resource "azurerm_spring_cloud_service" "newest" {
  name     = "newest"
  sku_tier = "StandardGen2"
}
resource "azurerm_spring_cloud_service" "basic" {
  name     = "basic"
  sku_name = "B0"
}
resource "azurerm_spring_cloud_app" "light" {
  service_name = azurerm_spring_cloud_service.newest.name
}
resource "azurerm_spring_cloud_app" "heavy" {
  service_name = azurerm_spring_cloud_service.basic.name
}

# ends: azurerm_spring_cloud_app.light: the Standard consumption and dedicated plan of Azure Spring Apps
# ends: azurerm_spring_cloud_app.heavy: Azure Spring Apps
