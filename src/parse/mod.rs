//! Text to tree: YAML and JSON become the same flat tree, which remembers where every key, value, tag and comment stood.
//! Knows no cloud.
