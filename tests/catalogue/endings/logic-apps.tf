resource "azurerm_logic_app_workflow" "inside" {
  integration_service_environment_id = "/environments/shared"
}
resource "azurerm_logic_app_workflow" "plain" {
  name = "plain"
}

# ends: azurerm_logic_app_workflow.inside: a workflow in an integration service environment
