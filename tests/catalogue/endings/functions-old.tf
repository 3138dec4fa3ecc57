resource "azurerm_app_service_plan" "first" {
  kind = "FunctionApp"
  sku {
    tier = "Dynamic"
    size = "Y1"
  }
}
resource "azurerm_function_app" "linux" {
  app_service_plan_id = azurerm_app_service_plan.first.id
  os_type             = "linux"
}
resource "azurerm_function_app" "windows" {
  app_service_plan_id = azurerm_app_service_plan.first.id
}

# ends: azurerm_function_app.linux: Azure Functions on the Consumption plan for Linux
