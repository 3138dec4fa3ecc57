resource "azurerm_mysql_server" "single" {
  name = "single"
}
resource "azurerm_mariadb_server" "maria" {
  name = "maria"
}
resource "azurerm_mysql_flexible_server" "flexible" {
  name = "flexible"
}
resource "azurerm_postgresql_server" "single" {
  name = "single"
}
resource "azurerm_postgresql_flexible_server" "flexible" {
  name = "flexible"
}
module "single" {
  source = "Azure/postgresql/azurerm"
}

# ends: azurerm_mysql_server.single: a single server of Azure Database for MySQL
# ends: azurerm_mariadb_server.maria: Azure Database for MariaDB
# ends: azurerm_postgresql_server.single: a single server of Azure Database for PostgreSQL
# ends: module.single: a single server of Azure Database for PostgreSQL
