#include "accounts/member_list.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "accounts/email_address.hpp"
#include "accounts/fields.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kSeparators = ",;\t\n";
constexpr std::size_t kShownBytesMax = 80;  // of a field that is no address
constexpr std::array<std::string_view, 5> kColumnNames{"email", "e-mail", "mail", "email address", "e-mail address"};

using Row = std::vector<std::string>;

class RowReader {
public:
    explicit RowReader(std::string_view text) : rest_(text) {
        if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
        bool quoted = false;
        for (const char c : rest_) {
            if (c == '"') quoted = !quoted;
            if (quoted || !kSeparators.contains(c)) continue;
            if (c != '\n') separator_ = c;
            break;
        }
    }

    bool at_end() const { return rest_.empty(); }
    // nullopt: a quote is not closed.
    std::optional<Row> next() {
        Row row;
        for (bool more = true; more;) {
            auto field = next_field();
            if (!field) return std::nullopt;
            if (row.size() < limits::kMemberListColumnsMax) row.push_back(std::move(*field));
            more = !rest_.empty() && rest_.front() == separator_;
            if (more) rest_.remove_prefix(1);
        }
        if (rest_.starts_with('\r')) rest_.remove_prefix(1);
        if (rest_.starts_with('\n')) rest_.remove_prefix(1);
        return row;
    }

private:
    bool ends_field(char c) const { return c == separator_ || c == '\n' || c == '\r'; }

    std::optional<std::string> next_field() {
        std::string field;
        if (rest_.starts_with('"')) {
            rest_.remove_prefix(1);
            for (bool open = true; open;) {
                const auto quote = rest_.find('"');
                if (quote == std::string_view::npos) return std::nullopt;
                field += rest_.substr(0, quote);
                rest_.remove_prefix(quote + 1);
                open = rest_.starts_with('"');  // two of them are one of the text
                if (!open) continue;
                field += '"';
                rest_.remove_prefix(1);
            }
        }
        const auto end = std::ranges::find_if(rest_, [this](char c) { return ends_field(c); });
        field.append(rest_.begin(), end);
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.begin()));
        return field;
    }

    std::string_view rest_;
    char separator_ = ',';
};

bool is_empty(const Row& row) {
    return std::ranges::all_of(row, [](const auto& field) { return strip(field).empty(); });
}

struct Column {
    std::size_t index = 0;
    bool named = false;  // the row holds names, not people
};

std::optional<Column> column_of(const Row& first) {
    for (std::size_t i = 0; i < first.size(); ++i)
        if (std::ranges::find(kColumnNames, email_key(strip(first[i]))) != kColumnNames.end()) return Column{i, true};
    for (std::size_t i = 0; i < first.size(); ++i)
        if (is_email_address(strip(first[i]))) return Column{i, false};
    return std::nullopt;
}

std::unexpected<Error> bad_list(std::string message) { return fail(ErrorCode::invalid, std::move(message)); }

std::unexpected<Error> no_column() {
    return bad_list("The list has no column 'email', and its first row no e-mail address");
}

class Addresses {
public:
    Result<void> take(const Row& row, std::size_t column, int number) {
        const auto email = column < row.size() ? strip(row[column]) : std::string_view();
        if (email.empty()) return bad_list(fmt::format("Row {} of the list has no e-mail address", number));
        if (!is_email_address(email))
            return bad_list(
                fmt::format("Row {} of the list: '{}' is no e-mail address", number, email.substr(0, kShownBytesMax)));
        if (!keys_.insert(email_key(email)).second) return {};
        if (std::cmp_greater(keys_.size(), limits::kGroupMembersMax))
            return bad_list(fmt::format("The list has more than {} people, and a group has at most so many",
                                        limits::kGroupMembersMax));
        list.emplace_back(email);
        return {};
    }

    std::vector<std::string> list;

private:
    std::set<std::string> keys_;
};

}  // namespace

Result<std::vector<std::string>> read_member_list(std::string_view csv) {
    RowReader rows(csv);
    std::optional<Column> column;
    Addresses addresses;
    for (int number = 1; !rows.at_end(); ++number) {
        const auto row = rows.next();
        if (!row) return bad_list(fmt::format("Row {} of the list opens a quote that is never closed", number));
        if (is_empty(*row)) continue;
        if (!column) {
            column = column_of(*row);
            if (!column) return no_column();
            if (column->named) continue;
        }
        if (auto taken = addresses.take(*row, column->index, number); !taken)
            return std::unexpected(std::move(taken.error()));
    }
    // Nothing at all is a mistake rather than a group without members.
    if (!column) return no_column();
    return std::move(addresses.list);
}

}  // namespace movio::accounts
