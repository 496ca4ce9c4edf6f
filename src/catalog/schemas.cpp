#include "catalog/schemas.hpp"

namespace movio::catalog {
namespace {

constexpr const char* kVideo = R"({
"type":"object",
"description":"A film.",
"required":["id","title","description","visibility","licence","attribution","mine","moderation","shared_with","groups",
  "status","failure","duration_ms","created_at","deleted_at",
  "purge_at","playable_after_ms","progress","playback","rungs","audio","chapters","analysis","captions","estimate",
  "actual"],
"properties":{
  "id":{"type":"string","format":"uuid"},
  "title":{"type":"string"},
  "description":{"type":"string"},
  "visibility":{"enum":["public","internal","group","shared","unlisted","private"]},
  "licence":{"enum":["","CC-BY-4.0","CC-BY-SA-4.0","CC-BY-ND-4.0","CC-BY-NC-4.0","CC-BY-NC-SA-4.0",
    "CC-BY-NC-ND-4.0","CC-BY-3.0","CC-BY-SA-3.0","CC0-1.0","CC-PDM-1.0","all-rights-reserved"],
    "description":"What others may do with it: an SPDX identifier, `all-rights-reserved`, or empty: not said."},
  "attribution":{"type":"string","maxLength":500,"description":"Whom those who show it name; may be empty."},
  "mine":{"type":"boolean","description":"Whether the caller may change it."},
  "moderation":{"oneOf":[{"$ref":"#/components/schemas/Moderation"},{"type":"null"}],
    "description":"What a moderator decided; null for whoever may neither change nor moderate it."},
  "shared_with":{"type":["array","null"],"maxItems":200,
    "description":"Who else sees it while it is `shared`; null for whoever may not change it.",
    "items":{"type":"object","required":["id","name","email"],"properties":{
    "id":{"type":"string","format":"uuid"},"name":{"type":"string"},"email":{"type":"string","format":"email"}}}},
  "groups":{"type":["array","null"],
    "description":"Whose members see it while it is `group`; null for whoever may not change it.",
    "items":{"$ref":"#/components/schemas/NamedGroup"}},
  "status":{"enum":["uploading","submitted","processing","playable","ready","failed"]},
  "failure":{"type":["object","null"],"required":["code","message","detail"],"properties":{
    "code":{"type":"string"},"message":{"type":"string"},"detail":{"type":"string"}}},
  "duration_ms":{"type":["integer","null"],"minimum":0},
  "created_at":{"type":"string","format":"date-time"},
  "deleted_at":{"type":["string","null"],"format":"date-time","description":"When it went into the trash."},
  "purge_at":{"type":["string","null"],"format":"date-time",
    "description":"Of a film in the trash: until when it can be restored."},
  "playable_after_ms":{"type":["integer","null"],"minimum":0,
    "description":"From the last byte of its upload to when it could be played; null until then."},
  "progress":{"type":["object","null"],"required":["percent","stage","seconds_left"],"properties":{
    "percent":{"type":"integer","minimum":0,"maximum":100},"stage":{"type":"string"},
    "seconds_left":{"type":["integer","null"],"minimum":0}}},
  "playback":{"type":["object","null"],"required":["dash_url","hls_url","poster_url","storyboard_url",
    "preview_url","chapters_url","expires_at"],"properties":{
    "dash_url":{"type":"string","format":"uri-reference"},
    "hls_url":{"type":"string","format":"uri-reference"},
    "poster_url":{"type":["string","null"],"format":"uri-reference"},
    "storyboard_url":{"type":["string","null"],"format":"uri-reference",
      "description":"WebVTT: a thumbnail for each few seconds, as a part of a sheet."},
    "preview_url":{"type":["string","null"],"format":"uri-reference","description":"A short animated picture."},
    "chapters_url":{"type":["string","null"],"format":"uri-reference","description":"The chapters as WebVTT."},
    "expires_at":{"type":["string","null"],"format":"date-time",
      "description":"Until when these addresses begin the film; what was begun goes on. Null: for ever."}}},
  "rungs":{"type":"array","items":{"type":"object","required":["width","height","bandwidth","codec","source"],
    "properties":{"width":{"type":"integer"},"height":{"type":"integer"},"bandwidth":{"type":"integer"},
      "codec":{"type":"string"},"source":{"enum":["encoded","passthrough"]}}}},
  "audio":{"type":"array","items":{"type":"object","required":["language","channels"],
    "properties":{"language":{"type":"string"},"channels":{"type":"integer"}}}},
  "chapters":{"type":"array","maxItems":200,"items":{"type":"object","required":["start_ms","end_ms","title"],
    "properties":{"start_ms":{"type":"integer","minimum":0},"end_ms":{"type":"integer"},"title":{"type":"string"}}}},
  "analysis":{"type":["object","null"],"description":"Once the film is ready; null in it is what was not measured.",
    "required":["loudness_lufs","black","silence"],"properties":{
    "loudness_lufs":{"type":["number","null"],"description":"Integrated, ITU-R BS.1770-4."},
    "black":{"type":["array","null"],"maxItems":100,"items":{"$ref":"#/components/schemas/Stretch"}},
    "silence":{"type":["array","null"],"maxItems":100,"items":{"$ref":"#/components/schemas/Stretch"}}}},
  "captions":{"type":"array","items":{"type":"object","required":["id","language","label","source","url"],
    "properties":{"id":{"type":"string","format":"uuid"},"language":{"type":"string"},"label":{"type":"string"},
      "source":{"enum":["embedded","uploaded","translated","transcribed"]},
      "url":{"type":"string","format":"uri-reference"}}}},
  "estimate":{"oneOf":[{"$ref":"#/components/schemas/Making"},{"type":"null"}],
    "description":"What its plan foretold, on a machine with nothing else to do; null until it is planned."},
  "actual":{"oneOf":[{"$ref":"#/components/schemas/Making"},{"type":"null"}],
    "description":"What it took; null until it is ready."}
}})";

constexpr const char* kModeration = R"({
"type":"object",
"required":["state","reason","decided_at"],
"properties":{
  "state":{"enum":["hidden","deleted"],
    "description":"hidden: moderators and the owner alone see it; deleted: in the trash, where its owner leaves it."},
  "reason":{"type":"string"},
  "decided_at":{"type":"string","format":"date-time"}
}})";

constexpr const char* kReport = R"({
"type":"object",
"description":"What a viewer said is wrong with a film.",
"required":["id","reason","text","created_at","reporter","video","owner","decision"],
"properties":{
  "id":{"type":"string","format":"uuid"},
  "reason":{"enum":["illegal","copyright","privacy","hate","violence","sexual","spam","other"]},
  "text":{"type":"string"},
  "created_at":{"type":"string","format":"date-time"},
  "reporter":{"oneOf":[{"$ref":"#/components/schemas/ReportedPerson"},{"type":"null"}],
    "description":"Null: a guest, or gone."},
  "video":{"type":"object","required":["id","title","visibility","open_reports","deleted","moderation"],"properties":{
    "id":{"type":"string","format":"uuid"},
    "title":{"type":"string"},
    "visibility":{"enum":["public","internal","group","shared","unlisted","private"]},
    "open_reports":{"type":"integer","minimum":0},
    "deleted":{"type":"boolean","description":"It lies in the trash."},
    "moderation":{"oneOf":[{"$ref":"#/components/schemas/Moderation"},{"type":"null"}]}}},
  "owner":{"oneOf":[{"$ref":"#/components/schemas/ReportedPerson"},{"type":"null"}]},
  "decision":{"oneOf":[{"$ref":"#/components/schemas/Decision"},{"type":"null"}],
    "description":"By which it was closed; null while it is open."}
}})";

constexpr const char* kReportedPerson = R"({
"type":"object",
"required":["id","name","role","blocked"],
"properties":{
  "id":{"type":"string","format":"uuid"},
  "name":{"type":"string"},
  "role":{"enum":["viewer","uploader","moderator","admin"]},
  "blocked":{"type":"boolean"}
}})";

constexpr const char* kReportPage = R"({
"type":"object",
"required":["items","next"],
"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Report"}},
  "next":{"type":["string","null"],"description":"The cursor of the page behind this one."}
}})";

constexpr const char* kDecision = R"({
"type":"object",
"required":["id","decision","reason","by","decided_at"],
"properties":{
  "id":{"type":"string","format":"uuid"},
  "decision":{"enum":["hide","delete","restore","dismiss","block"]},
  "reason":{"type":"string"},
  "by":{"type":"object","required":["id","name"],"properties":{
    "id":{"type":"string","format":"uuid"},"name":{"type":"string","description":"Empty: of somebody who is gone."}}},
  "decided_at":{"type":"string","format":"date-time"}
}})";

constexpr const char* kDecisionList = R"({
"type":"object",
"required":["items"],
"properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Decision"}}}
})";

constexpr const char* kMaking = R"({
"type":"object",
"description":"What it takes to make a film, from the moment at which its file was complete.",
"required":["playable_ms","complete_ms","cpu_ms","bytes","renditions"],
"properties":{
  "playable_ms":{"type":"integer","minimum":0,"description":"Until it can be played."},
  "complete_ms":{"type":"integer","minimum":0,"description":"Until every segment is made and verified."},
  "cpu_ms":{"type":"integer","minimum":0,"description":"Processor time of the media processes."},
  "bytes":{"type":"integer","minimum":0,"description":"Of all segments."},
  "renditions":{"type":"array","items":{"type":"object","required":["name","bytes"],
    "properties":{"name":{"type":"string","description":"The folder of its segments."},
      "bytes":{"type":"integer","minimum":0}}}}
}})";

constexpr const char* kStretch = R"({
"type":"object",
"description":"A part of a film.",
"required":["start_ms","end_ms"],
"properties":{"start_ms":{"type":"integer","minimum":0},"end_ms":{"type":"integer","minimum":0}}
})";

constexpr const char* kVideoPage = R"({
"type":"object",
"required":["items","next"],
"properties":{
  "items":{"type":"array","items":{"$ref":"#/components/schemas/Video"}},
  "next":{"type":["string","null"],"description":"The cursor of the page behind this one."}
}})";

constexpr const char* kVisibilityChoice = R"({
"type":"object",
"required":["items","default","groups"],
"properties":{
  "items":{"type":"array","items":{"enum":["public","internal","group","shared","unlisted","private"]},
    "description":"`group` is among them where there are groups."},
  "default":{"enum":["public","internal","unlisted","private"],"description":"What an upload of the caller's gets."},
  "groups":{"type":"array","items":{"$ref":"#/components/schemas/NamedGroup"},
    "description":"Those that a film of the caller's can be for."}
}})";

constexpr const char* kNamedGroup = R"({
"type":"object",
"required":["id","name","kind"],
"properties":{
  "id":{"type":"string","format":"uuid"},
  "name":{"type":"string"},
  "kind":{"enum":["group","course","department"]}
}})";

constexpr const char* kQuota = R"({
"type":"object",
"required":["bytes","minutes","uploads_per_day","upload_frees_at"],
"properties":{
  "bytes":{"$ref":"#/components/schemas/QuotaUse"},
  "minutes":{"$ref":"#/components/schemas/QuotaUse"},
  "uploads_per_day":{"$ref":"#/components/schemas/QuotaUse"},
  "upload_frees_at":{"type":["string","null"],"format":"date-time",
    "description":"When the next upload is free, where none is now."}
}})";

constexpr const char* kQuotaUse = R"({
"type":"object",
"required":["used","limit"],
"properties":{
  "used":{"type":"integer","minimum":0},
  "limit":{"type":["integer","null"],"minimum":0,"description":"Null: there is none."}
}})";

constexpr const char* kV1Film = R"({
"type":"object",
"description":"A film as the first version of the API shows it.",
"required":["id","title","description","duration","custom_video_title","mp4_s3_mpd_url","mp4_gcore_cdn_mpd_url"],
"properties":{
  "id":{"type":"string","format":"uuid"},
  "title":{"type":"string"},
  "description":{"type":["string","null"]},
  "duration":{"type":["string","null"],
    "pattern":"^(-?[0-9]+ )?[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{6})?$"},
  "custom_video_title":{"type":"string"},
  "mp4_s3_mpd_url":{"type":["string","null"],"format":"uri"},
  "mp4_gcore_cdn_mpd_url":{"type":["string","null"],"format":"uri"}
}})";

constexpr const char* kV1Video = R"({
"type":"object",
"required":["status_code","video"],
"properties":{
  "status_code":{"const":200},
  "video":{"type":"object","required":["status","detail"],"properties":{
    "status":{"const":"success"},
    "detail":{"allOf":[{"$ref":"#/components/schemas/V1Film"},{"required":["subtitles"],"properties":{
      "subtitles":{"type":"array","items":{"type":"object","required":["language","content"],"properties":{
        "language":{"type":"string"},
        "content":{"type":"string","description":"The whole WebVTT file."}}}}}}]}}}
}})";

constexpr const char* kQuotaList = R"({
"type":"object",
"required":["items"],
"properties":{"items":{"type":"array","items":{"type":"object","required":["user_id","quota"],"properties":{
  "user_id":{"type":"string","format":"uuid"},
  "quota":{"$ref":"#/components/schemas/Quota"}}}}}
})";

constexpr const char* kV1VideoPage = R"({
"type":"object",
"required":["status_code","videos"],
"properties":{
  "status_code":{"const":200},
  "videos":{"type":"object","required":["count","next","previous","results"],"properties":{
    "count":{"type":"integer","minimum":0},
    "next":{"type":["string","null"],"format":"uri"},
    "previous":{"type":["string","null"],"format":"uri"},
    "results":{"type":"array","maxItems":10,"items":{"$ref":"#/components/schemas/V1Film"}}}}
}})";

// What is said of tokens and of too many requests has no wrapper.
constexpr const char* kV1VideoRefusal = R"({
"type":"object",
"properties":{
  "status_code":{"type":"integer"},
  "video":{"type":"object","required":["detail"],"properties":{
    "status":{"const":"error"},"detail":{"type":"string"}}},
  "status":{"const":"error"},
  "detail":{"type":"string"},
  "message":{"type":"string"},
  "data":{"type":"object","properties":{"wait_time":{"type":"integer"}}}
}})";

constexpr const char* kV1VideoPageRefusal = R"({
"type":"object",
"properties":{
  "status_code":{"type":"integer"},
  "videos":{"type":"object","required":["detail"],"properties":{"detail":{"type":"string"}}},
  "status":{"const":"error"},
  "detail":{"type":"string"},
  "message":{"type":"string"},
  "data":{"type":"object","properties":{"wait_time":{"type":"integer"}}}
}})";

}  // namespace

std::map<std::string, std::string> schemas() {
    return {{"Video", kVideo},
            {"Moderation", kModeration},
            {"Report", kReport},
            {"ReportedPerson", kReportedPerson},
            {"ReportPage", kReportPage},
            {"Decision", kDecision},
            {"DecisionList", kDecisionList},
            {"Making", kMaking},
            {"Stretch", kStretch},
            {"VideoPage", kVideoPage},
            {"VisibilityChoice", kVisibilityChoice},
            {"Quota", kQuota},
            {"QuotaUse", kQuotaUse},
            {"QuotaList", kQuotaList},
            {"NamedGroup", kNamedGroup},
            {"V1Film", kV1Film},
            {"V1Video", kV1Video},
            {"V1VideoRefusal", kV1VideoRefusal},
            {"V1VideoPage", kV1VideoPage},
            {"V1VideoPageRefusal", kV1VideoPageRefusal}};
}

}  // namespace movio::catalog
