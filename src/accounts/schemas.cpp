#include "accounts/schemas.hpp"

namespace movio::accounts {
namespace {

using Schemas = std::map<std::string, std::string>;

Schemas account_schemas() {
    return {
        {"User", R"({"type":"object","description":"An account, as its owner sees it.",
            "required":["id","first_name","last_name","username","email","email_checked","new_email","phone_number",
            "role","has_password"],
            "properties":{"id":{"type":"string","format":"uuid"},"first_name":{"type":"string"},
            "last_name":{"type":"string"},"username":{"type":["string","null"]},"email":{"type":"string"},
            "email_checked":{"type":"boolean","description":"Without it neither uploads nor sharing."},
            "new_email":{"type":["string","null"],"description":"Takes the address's place once it is checked."},
            "phone_number":{"type":["string","null"],"description":"In the form of E.164, where v2 took it."},
            "role":{"enum":["viewer","uploader","moderator","admin"]},
            "has_password":{"type":"boolean","description":"Without one they log in by the word of others alone."}},
            "additionalProperties":false})"},
        {"Session", R"({"type":"object","required":["user"],
            "properties":{"user":{"anyOf":[{"$ref":"#/components/schemas/User"},{"type":"null"}]},
            "log_out":{"type":"string",
            "description":"Of a log-in by the word of others: where one logs out there, having logged out here."}},
            "additionalProperties":false})"},
        {"LogInWays", R"({"type":"object","required":["items"],
            "properties":{"items":{"type":"array","items":{"type":"object","required":["kind","button","address"],
            "properties":{"kind":{"enum":["openid","proxy"]},"button":{"type":"string"},
            "address":{"type":"string","description":"Where a browser goes; takes `next`, the page to go on to."}},
            "additionalProperties":false}}},"additionalProperties":false})"},
        {"SignUpPolicy", R"({"type":"object",
            "description":"Who may make an account by themselves; `domains` are those of e-mail addresses.",
            "required":["signup","domains"],
            "properties":{"signup":{"enum":["open","domains","invite","closed"]},
            "domains":{"type":"array","items":{"type":"string"}}},"additionalProperties":false})"},
        {"Invite", R"({"type":"object","description":"What the holder of an invitation may do once: make an account.",
            "required":["id","role","email","first_admin","created_at","expires_at"],
            "properties":{"id":{"type":"string","format":"uuid"},
            "role":{"enum":["viewer","uploader","moderator","admin"]},
            "email":{"type":["string","null"],"description":"The only address it counts for, if any."},
            "first_admin":{"type":"boolean","description":"Of the link that a server without administrators prints."},
            "created_at":{"type":"string","format":"date-time"},
            "expires_at":{"type":"string","format":"date-time"}},"additionalProperties":false})"},
        {"NewInvite", R"({"type":"object","required":["invite","token","url"],
            "properties":{"invite":{"$ref":"#/components/schemas/Invite"},
            "token":{"type":"string","description":"Told this once."},
            "url":{"type":"string","description":"The page on which the invited person makes the account."}},
            "additionalProperties":false})"},
        {"InviteList", R"({"type":"object","required":["items"],
            "properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Invite"}}},
            "additionalProperties":false})"},
    };
}

Schemas people_schemas() {
    return {
        {"ListedUser", R"({"type":"object","description":"An account, as administrators see it.",
            "required":["id","first_name","last_name","username","email","email_checked","role","state","created_at",
            "seen_at"],
            "properties":{"id":{"type":"string","format":"uuid"},"first_name":{"type":"string"},
            "last_name":{"type":"string"},"username":{"type":["string","null"]},
            "email":{"type":"string","description":"Empty where the account is deleted."},
            "email_checked":{"type":"boolean"},"role":{"enum":["viewer","uploader","moderator","admin"]},
            "state":{"enum":["enabled","disabled","deleted"]},"created_at":{"type":"string","format":"date-time"},
            "seen_at":{"type":["string","null"],"format":"date-time",
            "description":"The last use of a log-in at the page or in an app, as far as one is remembered."}},
            "additionalProperties":false})"},
        {"ListedUserPage", R"({"type":"object","required":["items","next"],
            "properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/ListedUser"}},
            "next":{"type":["string","null"],"description":"The cursor of the page behind this one."}},
            "additionalProperties":false})"},
    };
}

Schemas group_schemas() {
    return {
        {"Group", R"({"type":"object","description":"People to whom films may be shown together.",
            "required":["id","name","kind","external_name","members","created_at"],
            "properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"},
            "kind":{"enum":["group","course","department"]},
            "external_name":{"type":["string","null"],
            "description":"Whoever a provider or a proxy says belongs to that is a member from their log-in on."},
            "members":{"type":"integer","minimum":0,"description":"How many are in it."},
            "created_at":{"type":"string","format":"date-time"}},"additionalProperties":false})"},
        {"GroupList", R"({"type":"object","required":["items"],
            "properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/Group"}}},
            "additionalProperties":false})"},
        {"GroupMember", R"({"type":"object","required":["id","name","email","added_at","source"],
            "properties":{"id":{"type":"string","format":"uuid","description":"The user's."},"name":{"type":"string"},
            "email":{"type":"string"},"added_at":{"type":"string","format":"date-time"},
            "source":{"enum":["hand","list","openid","proxy"],
            "description":"Whose word it is; what a log-in brought, a log-in takes away again."}},
            "additionalProperties":false})"},
        {"GroupMemberList", R"({"type":"object","required":["items"],
            "properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/GroupMember"}}},
            "additionalProperties":false})"},
        {"MembersPut", R"({"type":"object","required":["members","added","removed"],
            "properties":{"members":{"type":"integer","minimum":0},"added":{"type":"integer","minimum":0},
            "removed":{"type":"integer","minimum":0}},"additionalProperties":false})"},
    };
}

Schemas session_schemas() {
    return {
        {"DeviceSession",
         R"({"type":"object","description":"A log-in: at the page, by a cookie, or in an app, by tokens.",
            "required":["id","kind","agent","address","created_at","used_at","expires_at","current"],
            "properties":{"id":{"type":"string","format":"uuid"},"kind":{"enum":["page","app"]},
            "agent":{"type":"string","description":"User-Agent of the last use."},"address":{"type":"string"},
            "created_at":{"type":"string","format":"date-time"},"used_at":{"type":"string","format":"date-time"},
            "expires_at":{"type":"string","format":"date-time"},
            "current":{"type":"boolean","description":"The one that asks."}},"additionalProperties":false})"},
        {"SessionList", R"({"type":"object","required":["items"],
            "properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/DeviceSession"}}},
            "additionalProperties":false})"},
        {"AppTokens", R"({"type":"object","required":["access","refresh","expires_in","session_id"],
            "properties":{"access":{"type":"string","description":"Sent as a bearer token."},
            "refresh":{"type":"string","description":"Used once, for the next tokens."},
            "expires_in":{"type":"integer","description":"Seconds that the access token counts."},
            "session_id":{"type":"string","format":"uuid"}},"additionalProperties":false})"},
        {"ApiToken", R"({"type":"object","description":"By it a program acts for a user.",
            "required":["id","name","scopes","created_at","expires_at"],
            "properties":{"id":{"type":"string","format":"uuid"},"name":{"type":"string"},
            "scopes":{"type":"array","items":{"enum":["read","upload","manage"]}},
            "created_at":{"type":"string","format":"date-time"},
            "expires_at":{"type":["string","null"],"format":"date-time"}},"additionalProperties":false})"},
        {"NewApiToken", R"({"type":"object","required":["api_token","token"],
            "properties":{"api_token":{"$ref":"#/components/schemas/ApiToken"},
            "token":{"type":"string","description":"Told this once; sent as a bearer token."}},
            "additionalProperties":false})"},
        {"ApiTokenList", R"({"type":"object","required":["items"],
            "properties":{"items":{"type":"array","items":{"$ref":"#/components/schemas/ApiToken"}}},
            "additionalProperties":false})"},
    };
}

Schemas v1_schemas() {
    return {
        {"V1FieldErrors", R"({"type":"object","description":"Messages by field; non_field_errors belong to none.",
            "additionalProperties":{"type":"array","minItems":1,"items":{"type":"string"}}})"},
        {"V1LoggedIn", R"({"type":"object","required":["status_code","user"],
            "properties":{"status_code":{"const":200},"user":{"type":"object",
            "required":["status","refresh","access"],"properties":{"status":{"const":"success"},
            "refresh":{"type":"string"},"access":{"type":"string"}},"additionalProperties":false}},
            "additionalProperties":false})"},
        {"V1Tokens", R"({"type":"object","required":["status_code","user"],
            "properties":{"status_code":{"const":200},"user":{"type":"object","required":["refresh","access"],
            "properties":{"refresh":{"type":"string"},"access":{"type":"string"}},"additionalProperties":false}},
            "additionalProperties":false})"},
        {"V1Detail", R"({"type":"object","required":["status_code","user"],
            "properties":{"status_code":{"type":"integer"},"user":{"type":"object","required":["detail"],
            "properties":{"detail":{"type":"string"}},"additionalProperties":false}},"additionalProperties":false})"},
        {"V1Refusal", R"({"description":"By whom it is refused tells the shape.","anyOf":[
            {"$ref":"#/components/schemas/V1Detail"},
            {"type":"object","required":["status","detail","message"],"properties":{"status":{"const":"error"},
            "detail":{"type":"string"},"message":{"type":"string"},"data":{"type":"object",
            "properties":{"wait_time":{"type":"number"}}}},"additionalProperties":false}]})"},
        {"V1SignUpError", R"({"description":"What is wrong with the fields, or with the body as a whole.","anyOf":[
            {"type":"object","required":["status_code","user"],
            "properties":{"status_code":{"const":400},"user":{"type":"object","required":["status","detail"],
            "properties":{"status":{"const":"error"},"detail":{"$ref":"#/components/schemas/V1FieldErrors"}},
            "additionalProperties":false}},"additionalProperties":false},
            {"$ref":"#/components/schemas/V1Detail"}]})"},
        {"V1LogInError", R"({"description":"A text for a missing field, else messages.","anyOf":[
            {"type":"object","required":["status_code","user"],
            "properties":{"status_code":{"const":400},"user":{"type":"object","required":["status","detail"],
            "properties":{"status":{"const":"error"},
            "detail":{"anyOf":[{"type":"string"},{"$ref":"#/components/schemas/V1FieldErrors"}]}},
            "additionalProperties":false}},"additionalProperties":false},
            {"$ref":"#/components/schemas/V1Detail"}]})"},
        {"V1GetTokenError", R"({"description":"What is wrong with the fields, or with the body as a whole.","anyOf":[
            {"type":"object","required":["status_code","user"],
            "properties":{"status_code":{"const":400},"user":{"$ref":"#/components/schemas/V1FieldErrors"}},
            "additionalProperties":false},{"$ref":"#/components/schemas/V1Detail"}]})"},
        {"V1Health", R"({"type":"object","required":["status"],"properties":{"status":{"const":"OK"}},
            "additionalProperties":false})"},
    };
}

}  // namespace

std::map<std::string, std::string> schemas() {
    Schemas all;
    for (auto some : {account_schemas(), session_schemas(), people_schemas(), group_schemas(), v1_schemas()})
        all.merge(some);
    return all;
}

}  // namespace movio::accounts
