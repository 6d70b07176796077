-- What a text is in a CSV: an apostrophe stands before all that a spreadsheet could take for a formula, at
-- the start of the cell or after what another spreadsheet may take for a separator. `text_of_cell` takes it
-- away again, and loses nothing: apostrophes that stood there are doubled likewise. A number is no formula.
create or replace temp macro text_cell(told) as
case
    when
        not regexp_matches(told, '(^|[;\t\r\n])\s*''*[=+@\-＝＋－＠]')
        or regexp_full_match(told, '[+-]?\d+([.,]\d+)?')
        then told
    else regexp_replace(told, '(^|[;\t\r\n])(\s*)(''*[=+@\-＝＋－＠])', '\1\2''\3', 'g')
end;

create or replace temp macro text_of_cell(cell) as
regexp_replace(cell, '(^|[;\t\r\n])(\s*)''(''*[=+@\-＝＋－＠])', '\1\2\3', 'g');
