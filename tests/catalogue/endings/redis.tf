resource "azurerm_redis_cache" "first" {
  sku_name = "Standard"
}
resource "azurerm_redis_enterprise_cluster" "large" {
  sku_name = "Enterprise_E10-2"
}
resource "azurerm_managed_redis" "second" {
  sku_name = "Balanced_B3"
}

# ends: azurerm_redis_cache.first: Azure Cache for Redis
# ends: azurerm_redis_enterprise_cluster.large: the Enterprise tier of Azure Cache for Redis
