"""The application's packages.

* `accounts`: sign up, log in, profile with picture and birth date
* `errors`: the page for each error, and the form again where its token has expired
* `health`: liveness and readiness
* `pages`: the landing page
* `schema`: the schema engine behind `flask db`; an extension in its own right that imports nothing from here
* `security`: the headers of every answer
* `sqlite`: how SQLite is opened
"""
