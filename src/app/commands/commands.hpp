#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "app/settings.hpp"

namespace movio::app {

// What every command has: where the data is and how the program is set.
struct CommandContext {
    std::filesystem::path data_dir;
    std::filesystem::path media_executable;
    Settings settings;
};

struct IngestArguments {
    std::vector<std::filesystem::path> files;
    std::string title;
    std::string description;
    std::string as;  // e-mail or username of the owner; empty: the first admin
    bool wait = true;
};

struct UserArguments {
    std::string email;
    std::string username;
    std::string first_name;
    std::string last_name;
    std::string role = "uploader";
    std::filesystem::path password_file;  // empty: typed, or read from standard input
    bool without_password = false;        // nobody can log in as this user until one is set
};

struct InviteArguments {
    std::string role = "uploader";
    std::string email;  // the only address it counts for; empty: any
    int days = 7;
};

struct TokenArguments {
    std::string user;
    std::string name;
    std::string scopes = "read";
    int days = 0;  // 0: for ever
};

struct QuotaArguments {
    std::string user;
    std::map<std::string, std::string> changes;  // by kind: a number, none or role; empty: it is only shown
};

struct GroupArguments {
    std::string group;                           // name or id
    std::map<std::string, std::string> changes;  // by member of the API: name, kind, external_name
};

struct MembersArguments {
    std::string group;                // name or id
    std::vector<std::string> add;     // e-mail addresses
    std::vector<std::string> remove;  // the same
    bool as_json = false;
};

struct AuditArguments {
    std::string actor;    // id, e-mail address or username; empty: all, as with the others
    std::string subject;  // the same, or the id of a group or film
    std::string action;
    std::string since;
    std::string until;
    int limit = 100;
    bool as_json = false;
};

// Values that cannot work, each in a sentence. Every command that works on a data folder is refused when there is one.
std::vector<std::string> setting_problems(const Settings& settings);

// Each gives the program's exit code and writes to standard output; progress and errors go to standard error.
int run_serve(const CommandContext& context);
int run_migrate(const CommandContext& context);
int run_ingest(const CommandContext& context, const IngestArguments& arguments);
// Foretells what `ingest` of a file would make and take; needs no server and no data folder.
int run_plan(const CommandContext& context, const std::filesystem::path& file, bool as_json);
int run_jobs_list(const CommandContext& context, const std::string& state, bool json);
int run_jobs_show(const CommandContext& context, const std::string& id);
int run_jobs_retry(const CommandContext& context, const std::string& id);
int run_jobs_cancel(const CommandContext& context, const std::string& id);
int run_jobs_priority(const CommandContext& context, const std::string& id, const std::string& priority);
int run_tasks_retry(const CommandContext& context, const std::string& id);
int run_user_add(const CommandContext& context, const UserArguments& arguments);
int run_user_list(const CommandContext& context, bool as_json);
// `name` is an e-mail address or a username.
int run_user_password(const CommandContext& context, const std::string& name,
                      const std::filesystem::path& password_file);
// Prints a link by which the user sets a new one.
int run_user_reset_password(const CommandContext& context, const std::string& name);
int run_user_role(const CommandContext& context, const std::string& name, const std::string& role);
int run_user_quota(const CommandContext& context, const QuotaArguments& arguments);
int run_user_disable(const CommandContext& context, const std::string& name);
int run_user_enable(const CommandContext& context, const std::string& name);
// `hand_over_to`: e-mail address of who has the films from now on; empty: they go to the trash.
int run_user_delete(const CommandContext& context, const std::string& name, const std::string& hand_over_to);
// Newest first.
int run_audit_list(const CommandContext& context, const AuditArguments& arguments);
int run_user_resync(const CommandContext& context);
int run_user_invite(const CommandContext& context, const InviteArguments& arguments);
int run_user_invites(const CommandContext& context, bool as_json);
int run_user_uninvite(const CommandContext& context, const std::string& id);
int run_user_logout(const CommandContext& context, const std::string& name);
int run_notices_list(const CommandContext& context, bool as_json);
int run_notices_show(const CommandContext& context, const std::string& id);
int run_token_create(const CommandContext& context, const TokenArguments& arguments);
int run_token_list(const CommandContext& context, const std::string& user, bool as_json);
int run_token_revoke(const CommandContext& context, const std::string& id);
// A group is named by its name or id.
int run_group_add(const CommandContext& context, const std::string& name, const std::string& kind);
int run_group_set(const CommandContext& context, const GroupArguments& arguments);
int run_group_delete(const CommandContext& context, const std::string& group);
int run_group_list(const CommandContext& context, bool as_json);
// Takes people in and out, then lists who is in it.
int run_group_members(const CommandContext& context, const MembersArguments& arguments);
int run_group_import(const CommandContext& context, const std::string& group, const std::filesystem::path& file);
int run_keys_rotate(const CommandContext& context);
int run_keys_rotate_media(const CommandContext& context);
int run_keys_nginx(const CommandContext& context);
int run_search_rebuild(const CommandContext& context);
int run_config_show(const CommandContext& context);
int run_config_check(const CommandContext& context);
int run_version(const std::filesystem::path& media_executable);

}  // namespace movio::app
