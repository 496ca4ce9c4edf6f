#include "uploads/schemas.hpp"

namespace movio::uploads {
namespace {

constexpr const char* kUpload = R"({
"type":"object",
"required":["status","detail","video_id","video_name_without_extention","video_extention"],
"properties":{
  "status":{"const":"success"},
  "detail":{"const":"upload started"},
  "video_id":{"type":"string","format":"uuid"},
  "video_name_without_extention":{"type":"string","description":"A UUID of its own, two underscores, the name."},
  "video_extention":{"type":"string","description":"With its dot, or empty."}
}})";

constexpr const char* kRefusal = R"({
"type":"object",
"required":["detail"],
"properties":{
  "status":{"const":"error"},
  "detail":{"type":"string"},
  "message":{"type":"string"},
  "data":{"type":"object","properties":{"wait_time":{"type":"integer"}}},
  "error_key":{"enum":["title","duration","description","visibility","groups","licence","attribution"]}
}})";

}  // namespace

std::map<std::string, std::string> schemas() { return {{"V1Upload", kUpload}, {"V1UploadRefusal", kRefusal}}; }

}  // namespace movio::uploads
