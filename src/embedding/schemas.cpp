#include "embedding/schemas.hpp"

namespace movio::embedding {
namespace {

constexpr const char* kEmbedLink = R"({
"type":"object",
"description":"By it, pages of the named origins embed a film.",
"required":["id","origins","created_at","expires_at"],
"properties":{
  "id":{"type":"string","format":"uuid"},
  "origins":{"type":"array","minItems":1,"maxItems":20,"items":{"type":"string"}},
  "created_at":{"type":"string","format":"date-time"},
  "expires_at":{"type":"string","format":"date-time","description":"From then on it begins the film no more."}
}})";

constexpr const char* kNewEmbedLink = R"({
"allOf":[{"$ref":"#/components/schemas/EmbedLink"},{"type":"object","required":["url","html"],"properties":{
  "url":{"type":"string","description":"Of the player; whoever has it can show the film on these origins."},
  "html":{"type":"string","description":"To be put into a page."}}}]
})";

constexpr const char* kEmbedLinkList = R"({
"type":"object",
"required":["items"],
"properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/EmbedLink"}}}
})";

constexpr const char* kOembed = R"({
"type":"object",
"description":"oEmbed 1.0, a response of type video.",
"required":["version","type","provider_name","provider_url","title","width","height","html","cache_age"],
"properties":{
  "version":{"const":"1.0"},
  "type":{"const":"video"},
  "provider_name":{"type":"string"},
  "provider_url":{"type":"string"},
  "title":{"type":"string"},
  "width":{"type":"integer","minimum":1},
  "height":{"type":"integer","minimum":1},
  "html":{"type":"string"},
  "cache_age":{"type":"integer","minimum":0},
  "author_name":{"type":"string","description":"The attribution, where there is one."},
  "license":{"type":"string"},
  "license_url":{"type":"string","format":"uri"},
  "thumbnail_url":{"type":"string"},
  "thumbnail_width":{"type":"integer","minimum":1},
  "thumbnail_height":{"type":"integer","minimum":1}
}})";

}  // namespace

std::map<std::string, std::string> schemas() {
    return {{"EmbedLink", kEmbedLink},
            {"NewEmbedLink", kNewEmbedLink},
            {"EmbedLinkList", kEmbedLinkList},
            {"Oembed", kOembed}};
}

}  // namespace movio::embedding
