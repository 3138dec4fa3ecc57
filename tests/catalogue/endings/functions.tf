resource "azurerm_service_plan" "linux" {
  os_type  = "Linux"
  sku_name = "Y1"
}
resource "azurerm_service_plan" "windows" {
  os_type  = "Windows"
  sku_name = "Y1"
}
resource "azurerm_service_plan" "elastic" {
  os_type  = "Linux"
  sku_name = "EP1"
}
resource "azurerm_linux_function_app" "mail" {
  service_plan_id = azurerm_service_plan.linux.id
}
resource "azurerm_windows_function_app" "print" {
  service_plan_id = azurerm_service_plan.windows.id
}
resource "azurerm_linux_function_app" "warm" {
  service_plan_id = azurerm_service_plan.elastic.id
}
resource "azurerm_linux_function_app" "elsewhere" {
  service_plan_id = "/plans/shared"
}

# ends: azurerm_linux_function_app.mail: Azure Functions on the Consumption plan for Linux
