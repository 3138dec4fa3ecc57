resource "azurerm_storage_account" "first" {
  account_kind = "Storage"
}
resource "azurerm_storage_account" "blobs" {
  account_kind = "BlobStorage"
}
resource "azurerm_storage_account" "second" {
  account_kind = "StorageV2"
}
resource "azurerm_storage_account" "default" {
  account_tier = "Standard"
}

# ends: azurerm_storage_account.first: a general-purpose v1 storage account
# ends: azurerm_storage_account.blobs: a legacy blob storage account
