# Read by `flask` through python-dotenv. Nothing secret belongs here; secrets go into .env, which git ignores.
# FLASK_APP is needed: without it Flask would take the package app/ for the application.
FLASK_APP=main
