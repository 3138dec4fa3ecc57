resource "google_vertex_ai_feature_online_store" "fast" {
  optimized {}
}
resource "google_vertex_ai_feature_online_store" "table" {
  bigtable {
    auto_scaling {
      min_node_count = 1
    }
  }
}
resource "google_vertex_ai_featurestore" "first" {
  name = "first"
}

# ends: google_vertex_ai_feature_online_store.fast: a feature store with optimized online serving
# ends: google_vertex_ai_featurestore.first: Vertex AI Feature Store (Legacy)
