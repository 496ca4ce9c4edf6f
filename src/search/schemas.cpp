#include "search/schemas.hpp"

namespace movio::search {
namespace {

constexpr const char* kSearchPage = R"({
  "type": "object",
  "required": ["items", "next"],
  "properties": {
    "items": {"type": "array", "items": {"$ref": "#/components/schemas/SearchItem"}},
    "next": {
      "type": ["string", "null"],
      "description": "The cursor of the page behind this one. A page may be short, or empty, and there is one behind."
    }
  }
})";

constexpr const char* kSearchItem = R"({
  "type": "object",
  "required": ["video", "hits"],
  "properties": {
    "video": {
      "type": "object",
      "required": ["id", "title", "poster_url", "duration_ms"],
      "properties": {
        "id": {"type": "string", "format": "uuid"},
        "title": {"type": "string"},
        "poster_url": {"type": ["string", "null"]},
        "duration_ms": {"type": ["integer", "null"], "minimum": 0}
      }
    },
    "hits": {
      "type": "array",
      "description": "Title, description, then captions by their time.",
      "items": {"$ref": "#/components/schemas/SearchHit"}
    }
  }
})";

constexpr const char* kSearchHit = R"({
  "type": "object",
  "required": ["field", "language", "start_ms", "end_ms", "text", "highlight"],
  "properties": {
    "field": {"type": "string", "enum": ["title", "description", "caption"]},
    "language": {"type": ["string", "null"], "description": "BCP 47; null for title and description."},
    "start_ms": {"type": ["integer", "null"], "minimum": 0, "description": "Where to begin to play; null as above."},
    "end_ms": {"type": ["integer", "null"], "minimum": 0},
    "text": {"type": "string"},
    "highlight": {"type": "string", "description": "The text as HTML, the words found inside <mark>."}
  }
})";

constexpr const char* kV1FoundVideos = R"({
  "type": "array",
  "maxItems": 10,
  "items": {
    "type": "object",
    "required": ["id", "title", "description", "created_at", "updated_at", "video_id"],
    "properties": {
      "id": {"type": "string", "format": "uuid"},
      "title": {"type": "string"},
      "description": {"type": ["string", "null"]},
      "created_at": {"type": "string", "format": "date-time"},
      "updated_at": {"type": "string", "format": "date-time"},
      "video_id": {"type": "string", "format": "uuid"}
    }
  }
})";

constexpr const char* kV1FoundSubtitles = R"({
  "type": "array",
  "maxItems": 10,
  "items": {
    "type": "object",
    "required": ["id", "language", "content", "created_at", "updated_at", "video_id", "start_ms"],
    "properties": {
      "id": {"type": "string", "format": "uuid"},
      "language": {"type": "string", "description": "BCP 47."},
      "content": {"type": "string", "description": "The whole WebVTT file."},
      "created_at": {"type": "string", "format": "date-time"},
      "updated_at": {"type": "string", "format": "date-time"},
      "video_id": {"type": "string", "format": "uuid"},
      "start_ms": {
        "type": ["integer", "null"],
        "minimum": 0,
        "description": "Start of the first cue that matches; null where only the language did."
      }
    }
  }
})";

constexpr const char* kV1SearchRefusal = R"({
  "type": "object",
  "required": ["detail"],
  "properties": {"detail": {"type": "string"}}
})";

}  // namespace

std::map<std::string, std::string> schemas() {
    return {{"SearchPage", kSearchPage},
            {"SearchItem", kSearchItem},
            {"SearchHit", kSearchHit},
            {"V1FoundVideos", kV1FoundVideos},
            {"V1FoundSubtitles", kV1FoundSubtitles},
            {"V1SearchRefusal", kV1SearchRefusal}};
}

}  // namespace movio::search
