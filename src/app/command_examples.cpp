#include "app/command_examples.hpp"

#include <algorithm>
#include <array>

namespace movio::app {
namespace {

struct Examples {
    std::string_view command;
    std::string_view lines;
};
constexpr std::array kCommandExamples{
    Examples{"serve",
             "  movio serve                                        on http://127.0.0.1:8000, films in the data folder\n"
             "  movio --data-dir /srv/movio serve --listen :80     to the whole network\n"
             "  movio serve --media-height-max 1080                with a higher rung where the film has it"},
    Examples{"ingest",
             "  movio ingest film.mkv                              with a progress bar, until it is ready\n"
             "  movio ingest --title 'Board meeting' talk.mp4\n"
             "  movio ingest --no-wait *.mkv                       return once the files are safe"},
    Examples{
        "plan",
        "  movio plan film.mkv                                what would be made, how soon it plays, what it takes\n"
        "  movio plan --json film.mkv | jq .estimate"},
    Examples{"jobs",
             "  movio jobs list\n"
             "  movio jobs show ID"},
    Examples{"jobs list",
             "  movio jobs list\n"
             "  movio jobs list --state failed\n"
             "  movio jobs list --json | jq -r .id"},
    Examples{"jobs show", "  movio jobs show 01a20544-77d0-78ac-a6a5-20f3cf26c494"},
    Examples{"jobs retry", "  movio jobs retry 01a20544-77d0-78ac-a6a5-20f3cf26c494"},
    Examples{"jobs cancel", "  movio jobs cancel 01a20544-77d0-78ac-a6a5-20f3cf26c494"},
    Examples{"jobs priority",
             "  movio jobs priority 01a20544-77d0-78ac-a6a5-20f3cf26c494 interactive\n"
             "  movio jobs priority 01a20544-77d0-78ac-a6a5-20f3cf26c494 bulk"},
    Examples{"tasks", "  movio tasks retry 01a20544-77d0-78ac-a6a5-20f3cf26c494"},
    Examples{"tasks retry", "  movio tasks retry 01a20544-77d0-78ac-a6a5-20f3cf26c494"},
    Examples{"user",
             "  movio user add ada@example.org --first-name Ada --last-name Byron --role admin\n"
             "  movio user list"},
    Examples{"user add",
             "  movio user add ada@example.org --first-name Ada --last-name Byron\n"
             "  movio user add bot@example.org --first-name Bot --last-name B --password-file secret.txt\n"
             "  pwgen 20 1 | movio user add eve@example.org --first-name Eve --last-name Oak"},
    Examples{"user list",
             "  movio user list\n"
             "  movio user list --json | jq -r .email"},
    Examples{"user role", "  movio user role ada@example.org admin"},
    Examples{"user quota",
             "  movio user quota ada@example.org                   what is used, and of how much\n"
             "  movio user quota ada@example.org --bytes 10000000000 --minutes none --uploads-per-day role"},
    Examples{"user invite",
             "  movio user invite                                  an uploader, within a week\n"
             "  movio user invite --role admin --email ada@example.org --days 2"},
    Examples{"user invites",
             "  movio user invites\n"
             "  movio user invites --json | jq -r .id"},
    Examples{"user uninvite", "  movio user uninvite 01a20544-77d0-78ac-a6a5-20f3cf26c494"},
    Examples{"user password", "  movio user password ada@example.org"},
    Examples{"user disable", "  movio user disable ada@example.org                 undone by movio user enable"},
    Examples{"user enable", "  movio user enable ada@example.org"},
    Examples{"user delete",
             "  movio user delete ada@example.org\n"
             "  movio user delete ada@example.org --hand-over-to eve@example.org"},
    Examples{"user logout", "  movio user logout ada@example.org"},
    Examples{"user reset-password",
             "  movio user reset-password ada@example.org           hand the link on within an hour"},
    Examples{"audit", "  movio audit list"},
    Examples{"audit list",
             "  movio audit list\n"
             "  movio audit list --actor ada@example.org --since 2026-11-01\n"
             "  movio audit list --action log_in --json | jq -r 'select(.outcome == \"refused\") | .address'"},
    Examples{"notices", "  movio notices list\n  movio notices show ID"},
    Examples{"notices list",
             "  movio notices list\n"
             "  movio notices list --json | jq -r .id"},
    Examples{"notices show", "  movio notices show 01a20544-77d0-78ac-a6a5-20f3cf26c494"},
    Examples{"token", "  movio token create ada@example.org --name backup --scopes read,upload"},
    Examples{"token create", "  movio token create ada@example.org --name backup --scopes read,upload --days 90"},
    Examples{"token list",
             "  movio token list ada@example.org\n"
             "  movio token list ada@example.org --json | jq -r .id"},
    Examples{"token revoke", "  movio token revoke 01a20544-77d0-78ac-a6a5-20f3cf26c494"},
    Examples{"group", "  movio group add 'Algebra 2026' --kind course"},
    Examples{"group add", "  movio group add 'Algebra 2026' --kind course"},
    Examples{"group delete", "  movio group delete 'Algebra 2026'"},
    Examples{"group set", "  movio group set 'Algebra 2026' --external alg-2026     as the provider calls it"},
    Examples{"group list", "  movio group list --json | jq -r .name"},
    Examples{"group members", "  movio group members 'Algebra 2026' --add ada@example.org --remove eve@example.org"},
    Examples{"group import", "  movio group import 'Algebra 2026' students.csv     those of the list and nobody else"},
    Examples{"user resync",
             "  movio user resync                                  after the api's database was restored"},
    Examples{"keys", "  movio keys rotate\n  movio keys nginx"},
    Examples{"keys rotate",
             "  movio keys rotate                                  once a year, or when the key has leaked"},
    Examples{"keys rotate-media",
             "  movio keys rotate-media                            then movio keys nginx, where it is used"},
    Examples{"keys nginx", "  (umask 077; movio keys nginx >/etc/nginx/snippets/movio.conf) && nginx -s reload"},
    Examples{"search", "  movio search rebuild"},
    Examples{"search rebuild", "  movio search rebuild                               people can search meanwhile"},
    Examples{"migrate", "  movio --data-dir /srv/movio migrate                `serve` does it too when it starts"},
    Examples{"config",
             "  movio config show\n"
             "  movio --config movio.toml config check"},
    Examples{"config show",
             "  movio config show\n"
             "  MOVIO_MEDIA_CRF=21 movio config show               what a variable would change"},
    Examples{"config check", "  movio --config movio.toml config check             before a restart"},
    Examples{"version", "  movio version"},
};

}  // namespace

std::string_view command_examples(std::string_view command) {
    const auto found = std::ranges::find(kCommandExamples, command, &Examples::command);
    return found == kCommandExamples.end() ? std::string_view() : found->lines;
}

}  // namespace movio::app
