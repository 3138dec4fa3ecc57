resource "azurerm_databricks_workspace" "standard" {
  sku = "standard"
}
resource "azurerm_databricks_workspace" "premium" {
  sku = "premium"
}
module "standard" {
  source = "Azure/avm-res-databricks-workspace/azurerm"
  sku    = "standard"
}

# ends: azurerm_databricks_workspace.standard: the Standard tier of Azure Databricks
# ends: module.standard: the Standard tier of Azure Databricks
