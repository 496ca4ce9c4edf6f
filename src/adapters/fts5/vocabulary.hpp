#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "ports/database.hpp"

namespace movio::fts5 {

// The words of some texts, and in how many of them each one is. What goes into the table `words` with the texts has to
// leave it with them.
class Vocabulary {
public:
    // `text` is as it is searched.
    void add(std::string_view text);
    void put_into(SqlSession& session) const;
    void take_out_of(SqlSession& session) const;

private:
    std::map<std::string, std::int64_t> texts_of_;  // by word, without case
};

// The expression for the last word of a query, which may be the beginning of one: of the words that begin so the most
// frequent ones, or all of them where FTS5 has an index for beginnings of that length. Empty: there is no such word.
std::string beginning(SqlSession& session, const std::string& word);

}  // namespace movio::fts5
