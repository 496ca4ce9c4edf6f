#include "app/command_line.hpp"

#include <functional>
#include <iostream>
#include <map>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "app/command_examples.hpp"
#include "app/command_line_users.hpp"
#include "app/commands/commands.hpp"
#include "app/data_dir.hpp"
#include "app/process_limits.hpp"
#include "base/log.hpp"

namespace movio::app {
namespace {

constexpr std::string_view kExamples = R"(
Examples:
  movio serve                             serve on http://127.0.0.1:8000
  movio serve --listen 0.0.0.0:80         serve to the whole network
  movio ingest film.mkv talk.mp4          add films, with a progress bar
  movio plan film.mkv                     what adding it would make and take
  movio jobs list                         what is being made, and what failed
  movio user add ada@example.org …        who may log in
  movio config show                       every setting, its value and its names
Settings come from the config file, then MOVIO_… in the environment, then flags.
Exit code: 0 done, 1 it failed, 2 the call was wrong.)";

std::vector<std::string> roles() { return {"viewer", "uploader", "moderator", "admin"}; }

struct Options {
    std::string data_dir;
    std::string config_file;
    std::map<std::string, std::string> flags;  // by setting path
    std::function<int(const CommandContext&)> command;
    bool only_looks_at_settings = false;  // runs even where they are not valid
};

std::filesystem::path beside_this_program(std::string_view name) {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::filesystem::path(name) : self.parent_path() / name;
}

void add_common(CLI::App& app, Options& options) {
    app.add_option("--data-dir", options.data_dir,
                   "Folder of the databases and films [MOVIO_DATA_DIR]; default " + default_data_dir().string());
    app.add_option("--config", options.config_file, "Config file in TOML [MOVIO_CONFIG]");
    for (const auto& info : setting_table()) {
        std::string names = flag_name(info.path);
        if (info.path == "server.listen") names += ",--listen";
        const auto take = [&options, path = std::string(info.path)](const std::string& text) {
            options.flags[path] = text;
        };
        app.add_option_function<std::string>(names, take, std::string(info.help))->group("Settings");
    }
}

void add_jobs(CLI::App& app, Options& options) {
    auto* jobs = app.add_subcommand("jobs", "See and steer the work on films");
    jobs->require_subcommand(1);
    auto state = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    auto* list = jobs->add_subcommand("list", "Newest jobs first");
    list->add_option("--state", *state, "Only jobs in this state")
        ->check(CLI::IsMember({"running", "done", "failed", "cancelled"}));
    list->add_flag("--json", *json, "One JSON object a line");
    list->callback([&options, state, json] {
        options.command = [state, json](const CommandContext& context) {
            return run_jobs_list(context, *state, *json);
        };
    });
    const auto add = [&](const char* name, const char* help, int (*run)(const CommandContext&, const std::string&)) {
        auto id = std::make_shared<std::string>();
        auto* command = jobs->add_subcommand(name, help);
        command->add_option("job", *id, "Id of the job")->required();
        command->callback([&options, id, run] {
            options.command = [id, run](const CommandContext& context) { return run(context, *id); };
        });
    };
    add("show", "One job with its tasks", &run_jobs_show);
    add("retry", "Go on with a failed or cancelled job", &run_jobs_retry);
    add("cancel", "End a running job; what is stored stays", &run_jobs_cancel);
    auto job = std::make_shared<std::string>();
    auto level = std::make_shared<std::string>();
    auto* priority = jobs->add_subcommand("priority", "Put what is left of a running job first, or back");
    priority->add_option("job", *job, "Id of the job")->required();
    priority
        ->add_option("priority", *level,
                     "bulk: as all others; interactive: before all others in the same places; publish: in the places "
                     "that are kept for new uploads, too")
        ->required()
        ->check(CLI::IsMember({"bulk", "interactive", "publish"}));
    priority->callback([&options, job, level] {
        options.command = [job, level](const CommandContext& context) {
            return run_jobs_priority(context, *job, *level);
        };
    });
}

void add_tasks(CLI::App& app, Options& options) {
    auto* tasks = app.add_subcommand("tasks", "Steer the steps of jobs");
    tasks->require_subcommand(1);
    auto id = std::make_shared<std::string>();
    auto* retry = tasks->add_subcommand("retry", "Try a task again that failed, or waits for its next attempt");
    retry->add_option("task", *id, "Id of the task, as `movio jobs show` has it")->required();
    retry->callback([&options, id] {
        options.command = [id](const CommandContext& context) { return run_tasks_retry(context, *id); };
    });
}

void add_ingest(CLI::App& app, Options& options) {
    auto* ingest = app.add_subcommand("ingest", "Add films from files");
    auto arguments = std::make_shared<IngestArguments>();
    ingest->add_option("files", arguments->files, "Video or sound files of any kind")
        ->required()
        ->check(CLI::ExistingFile);
    ingest->add_option("--title", arguments->title, "Title; default: the file's name (one file only)");
    ingest->add_option("--description", arguments->description, "Description");
    ingest->add_option("--as", arguments->as, "E-mail or username of the owner; default: the first admin");
    ingest->add_flag("!--no-wait", arguments->wait, "Return when the file is safe, not when the film is ready");
    ingest->callback([&options, arguments] {
        options.command = [arguments](const CommandContext& context) { return run_ingest(context, *arguments); };
    });
}

void add_plan(CLI::App& app, Options& options) {
    auto file = std::make_shared<std::filesystem::path>();
    auto json = std::make_shared<bool>(false);
    auto* plan = app.add_subcommand("plan", "Foretell what becomes of a file, without adding it");
    plan->add_option("file", *file, "A video or sound file of any kind")->required()->check(CLI::ExistingFile);
    plan->add_flag("--json", *json, "One JSON object");
    plan->callback([&options, file, json] {
        options.command = [file, json](const CommandContext& context) { return run_plan(context, *file, *json); };
    });
}

void add_role(CLI::App& command, std::string& role) {
    command.add_option("--role", role, "viewer, uploader (the default), moderator or admin")
        ->check(CLI::IsMember(roles()));
}

void add_user_add(CLI::App& user, Options& options) {
    auto arguments = std::make_shared<UserArguments>();
    auto* command = user.add_subcommand("add", "Add a user; the password is typed, or read from standard input");
    command->add_option("email", arguments->email, "E-mail address")->required();
    command->add_option("--username", arguments->username, "Another name to log in by");
    command->add_option("--first-name", arguments->first_name, "First name")->required();
    command->add_option("--last-name", arguments->last_name, "Last name")->required();
    add_role(*command, arguments->role);
    command->add_option("--password-file", arguments->password_file, "File whose first line is the password");
    command->add_flag("--no-password", arguments->without_password, "Nobody can log in until one is set");
    command->callback([&options, arguments] {
        options.command = [arguments](const CommandContext& context) { return run_user_add(context, *arguments); };
    });
}

void add_user_role(CLI::App& user, Options& options) {
    auto who = std::make_shared<std::string>();
    auto role = std::make_shared<std::string>();
    auto* command = user.add_subcommand("role", "Set what a user may do");
    command->add_option("user", *who, "E-mail address or username")->required();
    command->add_option("role", *role, "viewer, uploader, moderator or admin")
        ->required()
        ->check(CLI::IsMember(roles()));
    command->callback([&options, who, role] {
        options.command = [who, role](const CommandContext& context) { return run_user_role(context, *who, *role); };
    });
}

void add_user_quota(CLI::App& user, Options& options) {
    auto arguments = std::make_shared<QuotaArguments>();
    auto* command = user.add_subcommand("quota", "Show or set what a user may have here");
    command->add_option("user", arguments->user, "E-mail address or username")->required();
    const auto add_kind = [&](const char* flag, const char* kind, const char* help) {
        command->add_option_function<std::string>(
            flag, [arguments, kind](const std::string& value) { arguments->changes[kind] = value; }, help);
    };
    add_kind("--bytes", "bytes", "Of files, the trash included: a number, none, or role for as the role has it");
    add_kind("--minutes", "minutes", "Of films, likewise");
    add_kind("--uploads-per-day", "uploads_per_day", "In 24 hours, likewise");
    command->callback([&options, arguments] {
        options.command = [arguments](const CommandContext& context) { return run_user_quota(context, *arguments); };
    });
}

void add_invites(CLI::App& user, Options& options) {
    auto arguments = std::make_shared<InviteArguments>();
    auto* invite = user.add_subcommand("invite", "Print a link by which one person makes an account");
    add_role(*invite, arguments->role);
    invite->add_option("--email", arguments->email, "The only address it counts for");
    invite->add_option("--days", arguments->days, "How long it counts, 7 if not said");
    invite->callback([&options, arguments] {
        options.command = [arguments](const CommandContext& context) { return run_user_invite(context, *arguments); };
    });
    auto json = std::make_shared<bool>(false);
    auto* list = user.add_subcommand("invites", "Invitations that still count, newest first");
    list->add_flag("--json", *json, "One JSON object a line");
    list->callback([&options, json] {
        options.command = [json](const CommandContext& context) { return run_user_invites(context, *json); };
    });
    auto id = std::make_shared<std::string>();
    auto* revoke = user.add_subcommand("uninvite", "Take an invitation back");
    revoke->add_option("invitation", *id, "Id of the invitation")->required();
    revoke->callback([&options, id] {
        options.command = [id](const CommandContext& context) { return run_user_uninvite(context, *id); };
    });
}

void add_users(CLI::App& app, Options& options) {
    auto* user = app.add_subcommand("user", "See and change who may log in");
    user->require_subcommand(1);
    add_user_add(*user, options);
    add_user_role(*user, options);
    add_user_quota(*user, options);
    add_invites(*user, options);
    auto json = std::make_shared<bool>(false);
    auto* list = user->add_subcommand("list", "Every user, in order of e-mail");
    list->add_flag("--json", *json, "One JSON object a line");
    list->callback([&options, json] {
        options.command = [json](const CommandContext& context) { return run_user_list(context, *json); };
    });
    const auto about = [&](const char* name, const char* help, int (*run)(const CommandContext&, const std::string&)) {
        auto who = std::make_shared<std::string>();
        auto* command = user->add_subcommand(name, help);
        command->add_option("user", *who, "E-mail address or username")->required();
        command->callback([&options, who, run] {
            options.command = [who, run](const CommandContext& context) { return run(context, *who); };
        });
    };
    about("disable", "Log a user out everywhere, within seconds, and let nobody in", &run_user_disable);
    about("enable", "Undo disable", &run_user_enable);
    about("logout", "Log a user out everywhere, within seconds", &run_user_logout);
    about("reset-password", "Print a link by which a user sets a new password", &run_user_reset_password);
    add_user_delete(*user, options.command);
    auto who = std::make_shared<std::string>();
    auto file = std::make_shared<std::filesystem::path>();
    auto* password = user->add_subcommand("password", "Set a user's password, typed or from standard input");
    password->add_option("user", *who, "E-mail address or username")->required();
    password->add_option("--password-file", *file, "File whose first line is the password");
    password->callback([&options, who, file] {
        options.command = [who, file](const CommandContext& context) {
            return run_user_password(context, *who, *file);
        };
    });
    user->add_subcommand("resync", "Tell every user and group anew to the other services")->callback([&options] {
        options.command = &run_user_resync;
    });
}

void add_notices(CLI::App& app, Options& options) {
    auto* notices = app.add_subcommand("notices", "Messages to people, kept in files as long as no mail is set up");
    notices->require_subcommand(1);
    auto json = std::make_shared<bool>(false);
    auto* list = notices->add_subcommand("list", "Those that are still of use, newest first");
    list->add_flag("--json", *json, "One JSON object a line");
    list->callback([&options, json] {
        options.command = [json](const CommandContext& context) { return run_notices_list(context, *json); };
    });
    auto id = std::make_shared<std::string>();
    auto* show = notices->add_subcommand("show", "One of them, with the link to hand on");
    show->add_option("notice", *id, "Id of the notice")->required();
    show->callback([&options, id] {
        options.command = [id](const CommandContext& context) { return run_notices_show(context, *id); };
    });
}

void add_tokens(CLI::App& app, Options& options) {
    auto* token = app.add_subcommand("token", "Tokens by which programs act for a user");
    token->require_subcommand(1);
    auto arguments = std::make_shared<TokenArguments>();
    auto* create = token->add_subcommand("create", "Print a new token, which is told this once");
    create->add_option("user", arguments->user, "E-mail address or username")->required();
    create->add_option("--name", arguments->name, "By which the user will know it")->required();
    create->add_option("--scopes", arguments->scopes, "Of read, upload and manage, by commas; read if not said");
    create->add_option("--days", arguments->days, "How long it counts; for ever if not said")
        ->check(CLI::PositiveNumber);
    create->callback([&options, arguments] {
        options.command = [arguments](const CommandContext& context) { return run_token_create(context, *arguments); };
    });
    auto who = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    auto* list = token->add_subcommand("list", "A user's tokens, newest first");
    list->add_option("user", *who, "E-mail address or username")->required();
    list->add_flag("--json", *json, "One JSON object a line");
    list->callback([&options, who, json] {
        options.command = [who, json](const CommandContext& context) { return run_token_list(context, *who, *json); };
    });
    auto id = std::make_shared<std::string>();
    auto* revoke = token->add_subcommand("revoke", "Take a token back");
    revoke->add_option("token", *id, "Id of the token")->required();
    revoke->callback([&options, id] {
        options.command = [id](const CommandContext& context) { return run_token_revoke(context, *id); };
    });
}

void add_group_members(CLI::App& group, Options& options) {
    auto arguments = std::make_shared<MembersArguments>();
    auto* members = group.add_subcommand("members", "Who is in a group; takes people in and out");
    members->add_option("group", arguments->group, "Name or id of the group")->required();
    members->add_option("--add", arguments->add, "E-mail address of whom to take in")->allow_extra_args(false);
    members->add_option("--remove", arguments->remove, "E-mail address of whom to take out")->allow_extra_args(false);
    members->add_flag("--json", arguments->as_json, "One JSON object a line");
    members->callback([&options, arguments] {
        options.command = [arguments](const CommandContext& context) { return run_group_members(context, *arguments); };
    });
}

void add_group_set(CLI::App& group, Options& options) {
    auto arguments = std::make_shared<GroupArguments>();
    auto* set = group.add_subcommand("set", "Change what a group is called; what is left out stays");
    set->add_option("group", arguments->group, "Name or id of the group")->required();
    const auto takes = [arguments](const char* member) {
        return [arguments, member](const std::string& value) { arguments->changes[member] = value; };
    };
    set->add_option_function<std::string>("--name", takes("name"), "What people know it by");
    set->add_option_function<std::string>("--kind", takes("kind"), "group, course or department")
        ->check(CLI::IsMember({"group", "course", "department"}));
    set->add_option_function<std::string>(
        "--external", takes("external_name"),
        "What it is called where people log in (OpenID Connect, proxy), who come into "
        "it by that; '' for nothing");
    set->callback([&options, arguments] {
        options.command = [arguments](const CommandContext& context) { return run_group_set(context, *arguments); };
    });
}

void add_groups(CLI::App& app, Options& options) {
    auto* group = app.add_subcommand("group", "Courses, departments and other groups to whom films are shown");
    group->require_subcommand(1);
    auto name = std::make_shared<std::string>();
    auto kind = std::make_shared<std::string>("group");
    auto* add = group->add_subcommand("add", "Make a group");
    add->add_option("name", *name, "What people know it by")->required();
    add->add_option("--kind", *kind, "group (the default), course or department")
        ->check(CLI::IsMember({"group", "course", "department"}));
    add->callback([&options, name, kind] {
        options.command = [name, kind](const CommandContext& context) { return run_group_add(context, *name, *kind); };
    });
    auto json = std::make_shared<bool>(false);
    auto* list = group->add_subcommand("list", "Every group, by name");
    list->add_flag("--json", *json, "One JSON object a line");
    list->callback([&options, json] {
        options.command = [json](const CommandContext& context) { return run_group_list(context, *json); };
    });
    add_group_set(*group, options);
    add_group_members(*group, options);
    auto which = std::make_shared<std::string>();
    auto* remove = group->add_subcommand("delete", "Delete a group; its members stay users");
    remove->add_option("group", *which, "Name or id of the group")->required();
    remove->callback([&options, which] {
        options.command = [which](const CommandContext& context) { return run_group_delete(context, *which); };
    });
    auto file = std::make_shared<std::filesystem::path>();
    auto* from_list = group->add_subcommand("import", "Make those of a list the members, and nobody else");
    from_list->add_option("group", *which, "Name or id of the group")->required();
    from_list->add_option("file", *file, "CSV with a column 'email'")->required()->check(CLI::ExistingFile);
    from_list->callback([&options, which, file] {
        options.command = [which, file](const CommandContext& context) {
            return run_group_import(context, *which, *file);
        };
    });
}

void add_commands(CLI::App& app, Options& options) {
    const auto add = [&options](CLI::App& parent, const char* name, const char* help,
                                int (*run)(const CommandContext&)) {
        const bool only_looks = run == &run_config_show || run == &run_config_check;
        parent.add_subcommand(name, help)->callback([&options, run, only_looks] {
            options.command = run;
            options.only_looks_at_settings = only_looks;
        });
    };
    add(app, "serve", "Run everything: page, API, films and the work on them", &run_serve);
    add_ingest(app, options);
    add_plan(app, options);
    add_jobs(app, options);
    add_tasks(app, options);
    add_users(app, options);
    add_notices(app, options);
    add_tokens(app, options);
    add_groups(app, options);
    add_audit(app, options.command);
    auto* keys = app.add_subcommand("keys", "The keys by which log-ins and media addresses are signed");
    keys->require_subcommand(1);
    add(*keys, "rotate", "Sign log-ins with a new key from now on; nobody is logged out", &run_keys_rotate);
    add(*keys, "rotate-media", "Sign media addresses with a new key from now on; no film is cut",
        &run_keys_rotate_media);
    add(*keys, "nginx", "Rules by which nginx checks media addresses and serves what is stored", &run_keys_nginx);
    auto* search = app.add_subcommand("search", "The index of titles, descriptions and captions");
    search->require_subcommand(1);
    add(*search, "rebuild", "Make the index anew from the catalog", &run_search_rebuild);
    add(app, "migrate", "Bring the databases to this version's schema", &run_migrate);
    auto* config = app.add_subcommand("config", "Look at the settings");
    config->require_subcommand(1);
    add(*config, "show", "Every setting with its value, names and origin", &run_config_show);
    add(*config, "check", "Whether the settings are valid and the system can work by them", &run_config_check);
    app.add_subcommand("version", "Version of this program and of the libraries behind it")->callback([&options] {
        options.command = [](const CommandContext& context) { return run_version(context.media_executable); };
        options.only_looks_at_settings = true;
    });
}

void add_examples(CLI::App& app, const std::string& parent = {}) {
    for (auto* command : app.get_subcommands({})) {
        const auto name = parent + command->get_name();
        if (const auto lines = command_examples(name); !lines.empty())
            command->footer(fmt::format("\nExamples:\n{}\nSettings and common options: movio --help", lines));
        add_examples(*command, name + " ");
    }
}

std::vector<std::string> environment() {
    std::vector<std::string> entries;
    for (char** entry = environ; *entry != nullptr; ++entry) entries.emplace_back(*entry);
    return entries;
}

void apply_log_settings(const Settings& settings) {
    const std::map<std::string, LogLevel> levels{
        {"debug", LogLevel::debug}, {"info", LogLevel::info}, {"warn", LogLevel::warn}, {"error", LogLevel::error}};
    configure_log(levels.at(settings.text("log.level")),
                  settings.text("log.format") == "text" ? LogFormat::text : LogFormat::json);
}

int run(Options& options) {
    Settings::Layers layers;
    if (const char* file = std::getenv("MOVIO_CONFIG"); file != nullptr && *file != '\0') layers.file = file;
    if (!options.config_file.empty()) layers.file = options.config_file;
    layers.environment = environment();
    layers.flags = options.flags;
    auto settings = Settings::load(layers);
    if (!settings) {
        std::cerr << "movio: " << settings.error().message << '\n';
        return kExitUsage;
    }
    apply_log_settings(*settings);
    raise_descriptor_limit();
    const std::filesystem::path data_dir =
        options.data_dir.empty() ? default_data_dir() : std::filesystem::path(options.data_dir);
    const CommandContext context{std::filesystem::absolute(data_dir), beside_this_program("movio-media"),
                                 std::move(*settings)};
    if (!options.only_looks_at_settings) {
        const auto problems = setting_problems(context.settings);
        for (const auto& problem : problems) std::cerr << "movio: " << problem << '\n';
        if (!problems.empty()) return kExitUsage;
    }
    return options.command(context);
}

}  // namespace

int run_command_line(int argc, char** argv) {
    CLI::App app("Movio: video on demand that a team hosts itself", "movio");
    app.footer(std::string(kExamples));
    app.require_subcommand(1);
    app.fallthrough();
    Options options;
    add_common(app, options);
    add_commands(app, options);
    add_examples(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? kExitDone : kExitUsage;
    }
    return run(options);
}

}  // namespace movio::app
