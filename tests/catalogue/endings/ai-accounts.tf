resource "azurerm_cognitive_account" "odd" {
  kind = "AnomalyDetector"
}
resource "azurerm_cognitive_account" "figures" {
  kind = "MetricsAdvisor"
}
resource "azurerm_cognitive_account" "taste" {
  kind = "Personalizer"
}
resource "azurerm_cognitive_account" "intent" {
  kind = "LUIS.Authoring"
}
resource "azurerm_cognitive_account" "answers" {
  kind = "QnAMaker"
}
resource "azurerm_cognitive_account" "pictures" {
  kind = "CustomVision.Training"
}
resource "azurerm_cognitive_account" "speech" {
  kind = "SpeechServices"
}
resource "azurerm_cognitive_account" "found" {
  kind = "Bing.Search.v7"
}
resource "azurerm_cognitive_account" "clean" {
  kind = "ContentModerator"
}
resource "azurerm_cognitive_account" "safe" {
  kind = "ContentSafety"
}

# ends: azurerm_cognitive_account.odd: Azure AI Anomaly Detector
# ends: azurerm_cognitive_account.figures: Azure AI Metrics Advisor
# ends: azurerm_cognitive_account.taste: Azure AI Personalizer
# ends: azurerm_cognitive_account.intent: Language Understanding (LUIS)
# ends: azurerm_cognitive_account.answers: QnA Maker
# ends: azurerm_cognitive_account.found: the Bing Search APIs
# ends: azurerm_cognitive_account.clean: Azure Content Moderator
# ends: azurerm_cognitive_account.pictures: Azure AI Custom Vision
